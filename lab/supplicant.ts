/** wpa_supplicant on a wire: each login is a process of its own, as a computer that is plugged in anew. */
import type { Network } from './network.ts'
import { type Running, runToEnd } from './process.ts'

export interface SupplicantOptions {
  readonly network: Network
  readonly host: string
  readonly port: string
  /** Path of wpa_supplicant.conf. */
  readonly configuration: string
  /** Typed by a person at wpa_cli when wpa_supplicant asks for it. */
  readonly password?: string
}

/** Resolves once it said that the login succeeded or failed. */
export async function plugIn(
  options: SupplicantOptions,
): Promise<{ readonly supplicant: Running; readonly success: boolean }> {
  const { network, host, port, configuration, password } = options
  // Its control socket goes below /run, where every program of the machine would find it.
  const script = 'mount -t tmpfs tmpfs /run && exec wpa_supplicant -D wired -i "$0" -c "$1" -d'
  const supplicant = network.start(host, ['sh', '-c', script, port, configuration])
  try {
    if (password !== undefined) await typePassword(supplicant, password)
    const [, verdict] = await supplicant.waitFor(/CTRL-EVENT-EAP-(SUCCESS|FAILURE)/, 20_000)
    return { supplicant, success: verdict === 'SUCCESS' }
  } catch (error) {
    await supplicant.stop()
    throw error
  }
}

async function typePassword(supplicant: Running, password: string): Promise<void> {
  const [, number = ''] = await supplicant.waitFor(/CTRL-REQ-PASSWORD-(\d+)/, 20_000)
  const inside = ['--target', String(supplicant.pid), '--mount', '--net']
  const { code, output } = await runToEnd('nsenter', [...inside, 'wpa_cli', 'password', number, password])
  if (code !== 0 || !output.includes('OK')) throw new Error(`wpa_cli password: ${output}`)
}
