/** eapol_test, the supplicant of hostapd as a RADIUS client: an EAP implementation that is not ours. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Running, runToEnd, start } from './process.ts'

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
  /** -A: the address it asks from, so which RADIUS client it is. */
  readonly from?: string
  /** -o: the server's certificate chain goes into this file. */
  readonly serverCertificate?: string
}

export interface EapolResult {
  readonly success: boolean
  /** `MPPE keys OK: N  mismatch: N`; undefined where keys were not looked for. */
  readonly keys: { readonly ok: number; readonly mismatch: number } | undefined
  readonly tlsVersion: string | undefined
  /** How often it said that a TLS session was resumed: more than once a login in TLS 1.3. */
  readonly resumed: number
  /** An Access-Accept was received, whatever the supplicant made of it. */
  readonly accepted: boolean
  readonly rejected: boolean
  readonly roundTrips: number
  readonly output: string
}

let count = 0

/** Runs it to its end. */
export async function eapolTest(test: EapolTest): Promise<EapolResult> {
  const { command, args } = commandLine(test)
  const milliseconds = (secondsOf(test) * ((test.repeat ?? 0) + 1) + 5) * 1000
  const { output } = await runToEnd(command, args, { milliseconds })
  return readOutput(output)
}

/** Starts it; for logins during which something changes. `eapol_test` keeps its output until it ends. */
export function startEapolTest(test: EapolTest): Running {
  const { command, args } = commandLine(test)
  return start(command, args)
}

function secondsOf({ seconds = 10 }: EapolTest): number {
  return seconds
}

function commandLine(test: EapolTest): { command: string; args: string[] } {
  const file = join(test.folder, `eapol-${process.pid}-${++count}.conf`)
  writeFileSync(
    file,
    `${(test.globals ?? []).join('\n')}\nnetwork={\n key_mgmt=IEEE8021X\n ${test.network.join('\n ')}\n}\n`,
  )
  const { server } = test
  const options = [
    '-c',
    file,
    '-a',
    server.host ?? '127.0.0.1',
    '-p',
    String(server.port),
    '-s',
    server.secret,
  ]
  options.push('-t', String(secondsOf(test)), '-r', String(test.repeat ?? 0))
  if (test.noKeys === true) options.push('-n')
  if (test.mac !== undefined) options.push('-M', test.mac)
  if (test.from !== undefined) options.push('-A', test.from)
  if (test.serverCertificate !== undefined) options.push('-o', test.serverCertificate)
  for (const attribute of test.attributes ?? []) options.push('-N', attribute)
  const [command = EAPOL_TEST, ...args] = [...(test.prefix ?? []), EAPOL_TEST, ...options]
  return { command, args }
}

function readOutput(output: string): EapolResult {
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
