import type { ProfileInput } from '../profile-input.ts'
import type { ProfileOutput } from '../profile-output.ts'
import type { Guide } from './guide.ts'
import { guideOutput } from './guide-output.ts'
import { type Page, pageOf, within } from './page.ts'
import { ANDROID_SSTP, ANDROID_STRONGSWAN } from './systems/android-apps.ts'
import { ANDROID_IKEV2, ANDROID_L2TP } from './systems/android-built-in.ts'
import { ANDROID_WIFI } from './systems/android-wifi.ts'
import { ASTRA } from './systems/astra.ts'
import { DNS } from './systems/dns.ts'
import { IOS } from './systems/ios.ts'
import { MACOS } from './systems/macos.ts'
import { UBUNTU } from './systems/ubuntu.ts'
import { WINDOWS_7 } from './systems/windows-7.ts'
import { WINDOWS_8 } from './systems/windows-8.ts'
import { WINDOWS_10, WINDOWS_10_CLASSIC } from './systems/windows-10.ts'
import { WINDOWS_11 } from './systems/windows-11.ts'
import { WINDOWS_SIGN_IN } from './systems/windows-sign-in.ts'
import { WINDOWS_XP } from './systems/windows-xp.ts'

/** In the order they are listed: the newest first of each maker. */
export const GUIDES: readonly Guide[] = [
  ...[WINDOWS_11, WINDOWS_10, WINDOWS_10_CLASSIC, WINDOWS_8, WINDOWS_7, WINDOWS_XP, WINDOWS_SIGN_IN],
  ...[MACOS, IOS],
  ...[ANDROID_IKEV2, ANDROID_STRONGSWAN, ANDROID_SSTP, ANDROID_L2TP, ANDROID_WIFI],
  ...[UBUNTU, ASTRA],
  DNS,
]

export const GUIDE_OUTPUTS: readonly ProfileOutput[] = GUIDES.map(guideOutput)

/** The steps of an output, for a page around them; undefined: it is no guide. Only where it is possible. */
export function guidePage(output: string, input: ProfileInput): Page | undefined {
  const guide = GUIDES.find(({ id }) => `guide-${id}` === output)
  return guide === undefined ? undefined : pageOf(guide, within(guide, input))
}

export const isGuide = ({ id }: Pick<ProfileOutput, 'id'>): boolean =>
  GUIDE_OUTPUTS.some((output) => output.id === id)
