import { appleMobileconfig } from './apple/apple-mobileconfig.ts'
import { GUIDE_OUTPUTS } from './guides/guides.ts'
import { linuxSwanctl } from './linux/swanctl.ts'
import { linuxWpaSupplicant } from './linux/wpa-supplicant.ts'
import type { ProfileOutput } from './profile-output.ts'
import { WINDOWS_OUTPUTS } from './windows/windows-outputs.ts'

/** Every form a connection is handed out to people in, in the order they are listed. */
export const CLIENT_OUTPUTS: readonly ProfileOutput[] = [
  ...WINDOWS_OUTPUTS,
  appleMobileconfig,
  linuxSwanctl,
  linuxWpaSupplicant,
  ...GUIDE_OUTPUTS,
]
