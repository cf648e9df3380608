/**
 * A D-Bus of its own for one daemon under test, that starts no services. The session configuration of the system would:
 * a client that asks before the daemon has its name would get a second daemon, with the state of the user's home.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Running, start } from './process.ts'

export interface PrivateBus extends AsyncDisposable {
  /** As `DBUS_SESSION_BUS_ADDRESS` and `DBUS_SYSTEM_BUS_ADDRESS` want it. */
  readonly address: string
}

/** @param folder an existing one, for socket and configuration */
export async function privateBus(folder: string): Promise<PrivateBus> {
  const address = `unix:path=${join(folder, 'bus')}`
  const configuration = join(folder, 'bus.conf')
  writeFileSync(configuration, busConfiguration(address))
  const daemon: Running = start('dbus-daemon', [
    ...[`--config-file=${configuration}`, '--nofork', '--nopidfile', '--print-address'],
  ])
  try {
    await daemon.waitFor(/unix:path=/)
  } catch (error) {
    await daemon[Symbol.asyncDispose]()
    throw error
  }
  return { address, [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() }
}

/** dbus-daemon(1): without a `servicedir` there is nothing to activate. */
function busConfiguration(address: string): string {
  return `<busconfig>
  <type>session</type>
  <listen>${address}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`
}
