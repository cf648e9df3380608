import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const EAPOL_TEST = '/usr/bin/eapol_test'

/** Why the interop tests cannot run here; in CI that is an error. */
export function withoutEapolTest(): string | false {
  if (existsSync(EAPOL_TEST)) return false
  if (process.env.CI !== undefined) throw new Error(`${EAPOL_TEST} is missing (Debian package eapoltest)`)
  return `${EAPOL_TEST} is not installed (Debian package eapoltest)`
}

export interface EapolRun {
  readonly success: boolean
  /** `MPPE keys OK` and `mismatch`. */
  readonly keys: string
  readonly tls: string | undefined
  readonly resumed: number
  readonly output: string
}

let count = 0

/** Logs in with wpa_supplicant's EAP against a RADIUS server on this machine. */
export async function eapolTest(
  server: { readonly port: number; readonly secret: string },
  folder: string,
  network: readonly string[],
  args: readonly string[] = [],
): Promise<EapolRun> {
  const file = join(folder, `eapol-${++count}.conf`)
  writeFileSync(file, `network={\n key_mgmt=IEEE8021X\n ${network.join('\n ')}\n}\n`)
  const child = spawn(
    EAPOL_TEST,
    ['-c', file, '-a', '127.0.0.1', '-p', `${server.port}`, '-s', server.secret, '-t', '10', ...args],
    { timeout: 30_000, killSignal: 'SIGKILL' },
  )
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  child.stderr.on('data', (text) => {
    output += text
  })
  await new Promise((resolve, reject) => {
    child.on('close', resolve)
    child.on('error', reject)
  })
  return {
    success: /^SUCCESS$/m.test(output),
    keys: /MPPE keys OK: \d+ {2}mismatch: \d+/.exec(output)?.[0] ?? '',
    tls: /SSL: Using TLS version (TLSv1\.\d)/.exec(output)?.[1],
    resumed: output.match(/resumed=1/g)?.length ?? 0,
    output,
  }
}
