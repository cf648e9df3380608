import type { ClientSystem, ProfileOutput } from '../profile-output.ts'

/** Systems a page has a button for. */
export const LINK_SYSTEMS = ['windows', 'apple', 'android', 'linux'] as const
export type LinkSystem = Exclude<ClientSystem, 'any'>

/**
 * Outputs made for whoever sets up their own device, the simplest of a system first. The others are for administrators,
 * who hand them out by other ways.
 */
export const PERSONAL_OUTPUTS: readonly string[] = [
  'windows-setup',
  'apple-mobileconfig',
  'android-sswan',
  'linux-setup',
]

/** What a link offers for a system, in the order it is tried. */
export function personalOutputs(
  outputs: readonly ProfileOutput[],
  system: LinkSystem,
  wanted: readonly string[] = PERSONAL_OUTPUTS,
): readonly ProfileOutput[] {
  return wanted.flatMap((id) => outputs.filter((output) => output.id === id && output.system === system))
}
