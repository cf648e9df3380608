import { appleMobileconfig } from './apple/apple-mobileconfig.ts'
import { linuxSwanctl } from './linux/swanctl.ts'
import { linuxWpaSupplicant } from './linux/wpa-supplicant.ts'
import type { ProfileOutput } from './profile-output.ts'

/** Every form a connection is handed out to people in, in the order they are listed. */
export const CLIENT_OUTPUTS: readonly ProfileOutput[] = [appleMobileconfig, linuxSwanctl, linuxWpaSupplicant]
