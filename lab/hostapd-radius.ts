/** hostapd without an access point: its own EAP server behind its own RADIUS server, an implementation that is not ours. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from './certificates.ts'
import { freeUdpPort } from './free-port.ts'
import { type Running, start } from './process.ts'

export const HOSTAPD = '/usr/sbin/hostapd'

export interface HostapdRadiusOptions {
  /** An empty folder. */
  readonly folder: string
  readonly secret: string
  /** File of the CA of the client certificates. */
  readonly authority: string
  readonly server: LabCertificate
  /** Lines of an `eap_user` file, first match wins. */
  readonly users: readonly string[]
}

export interface HostapdRadius extends AsyncDisposable {
  readonly process: Running
  readonly port: number
}

export async function startHostapdRadius(options: HostapdRadiusOptions): Promise<HostapdRadius> {
  const { folder, secret, authority, server, users } = options
  mkdirSync(folder, { recursive: true })
  const port = await freeUdpPort()
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const configuration = file(
    'hostapd.conf',
    `driver=none
interface=lo
logger_stdout=-1
logger_stdout_level=1
eap_server=1
eap_user_file=${file('eap_user', `${users.join('\n')}\n`)}
ca_cert=${authority}
server_cert=${server.certificate}
private_key=${server.key}
radius_server_clients=${file('clients', `127.0.0.0/8 ${secret}\n`)}
radius_server_auth_port=${port}
`,
  )
  const process = start(HOSTAPD, [configuration])
  await process.waitFor(/AP-ENABLED/)
  return { process, port, [Symbol.asyncDispose]: () => process.stop() }
}
