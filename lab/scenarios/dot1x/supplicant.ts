/** wpa_supplicant on a wire: each login is a process of its own, as a computer that is plugged in anew. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Network } from '../../network.ts'
import type { Running } from '../../process.ts'

export interface SupplicantOptions {
  readonly network: Network
  readonly host: string
  readonly port: string
  readonly folder: string
  /** Lines of the network block: `eap=TLS`, `identity="alice"`. */
  readonly lines: readonly string[]
}

let count = 0

/** Resolves once it said that the login succeeded or failed. */
export async function plugIn(
  options: SupplicantOptions,
): Promise<{ readonly supplicant: Running; readonly success: boolean }> {
  const { network, host, port, folder, lines } = options
  const file = join(folder, `supplicant-${++count}.conf`)
  const block = ['key_mgmt=IEEE8021X', 'eapol_flags=0', ...lines].map((line) => `  ${line}`)
  writeFileSync(file, ['ap_scan=0', 'network={', ...block, '}', ''].join('\n'))
  const supplicant = network.start(host, ['wpa_supplicant', '-D', 'wired', '-i', port, '-c', file, '-d'])
  try {
    const [, verdict] = await supplicant.waitFor(/CTRL-EVENT-EAP-(SUCCESS|FAILURE)/, 20_000)
    return { supplicant, success: verdict === 'SUCCESS' }
  } catch (error) {
    await supplicant.stop()
    throw error
  }
}
