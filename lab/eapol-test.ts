/** eapol_test, the supplicant of hostapd as a RADIUS client: an EAP implementation that is not ours. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './process.ts'

export const EAPOL_TEST = '/usr/bin/eapol_test'

export interface EapolTest {
  /** Lines of the wpa_supplicant network block, e.g. `eap=PEAP`, `identity="alice"`. */
  readonly network: readonly string[]
  /** Lines before the network block, e.g. `fast_reauth=0` (no resumption). */
  readonly globals?: readonly string[]
  readonly server: { readonly port: number; readonly secret: string; readonly host?: string }
  /** A folder for the configuration file. */
  readonly folder: string
  /** Before the command line, e.g. `['taskset', '-c', '1']`. */
  readonly prefix?: readonly string[]
  /** -n: the method derives no keys, do not look for MPPE keys. */
  readonly noKeys?: boolean
  /** -r: authenticate again this many times, by resumption where possible. */
  readonly repeat?: number
  /** -t: seconds until it gives up. */
  readonly seconds?: number
  /** -N: extra attributes, `type:syntax:value` (4:x:7f000001). */
  readonly attributes?: readonly string[]
  /** -M: the station's MAC address, so Calling-Station-Id. */
  readonly mac?: string
}

export interface EapolResult {
  readonly success: boolean
  /** `MPPE keys OK: N  mismatch: N`; undefined where keys were not looked for. */
  readonly keys: { readonly ok: number; readonly mismatch: number } | undefined
  readonly tlsVersion: string | undefined
  /** Logins that resumed a TLS session. */
  readonly resumed: number
  /** An Access-Accept was received, whatever the supplicant made of it. */
  readonly accepted: boolean
  readonly rejected: boolean
  readonly roundTrips: number
  readonly output: string
}

let count = 0

export async function eapolTest(test: EapolTest): Promise<EapolResult> {
  const file = join(test.folder, `eapol-${process.pid}-${++count}.conf`)
  writeFileSync(
    file,
    `${(test.globals ?? []).join('\n')}\nnetwork={\n key_mgmt=IEEE8021X\n ${test.network.join('\n ')}\n}\n`,
  )
  const { server, seconds = 10 } = test
  const args = ['-c', file, '-a', server.host ?? '127.0.0.1', '-p', String(server.port), '-s', server.secret]
  args.push('-t', String(seconds), '-r', String(test.repeat ?? 0))
  if (test.noKeys === true) args.push('-n')
  if (test.mac !== undefined) args.push('-M', test.mac)
  for (const attribute of test.attributes ?? []) args.push('-N', attribute)
  const [command = EAPOL_TEST, ...rest] = [...(test.prefix ?? []), EAPOL_TEST, ...args]
  const { output } = await runToEnd(command, rest, {
    milliseconds: (seconds * ((test.repeat ?? 0) + 1) + 5) * 1000,
  })
  const keys = /MPPE keys OK: (\d+) {2}mismatch: (\d+)/.exec(output)
  return {
    success: /^SUCCESS$/m.test(output),
    keys: keys === null ? undefined : { ok: Number(keys[1]), mismatch: Number(keys[2]) },
    tlsVersion: /SSL: Using TLS version (TLSv1\.\d)/.exec(output)?.[1],
    resumed: output.match(/resumed=1/g)?.length ?? 0,
    accepted: output.includes('code=2 (Access-Accept)'),
    rejected: output.includes('code=3 (Access-Reject)'),
    roundTrips: output.match(/Sending RADIUS message to authentication server/g)?.length ?? 0,
    output,
  }
}
