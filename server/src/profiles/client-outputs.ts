import { ANDROID_OUTPUTS } from './android/android-outputs.ts'
import { appleMobileconfig } from './apple/apple-mobileconfig.ts'
import { GUIDE_OUTPUTS } from './guides/guides.ts'
import { LINUX_OUTPUTS } from './linux/linux-outputs.ts'
import type { ProfileOutput } from './profile-output.ts'
import { WINDOWS_OUTPUTS } from './windows/windows-outputs.ts'

/** Every form a connection is handed out to people in, in the order they are listed. */
export const CLIENT_OUTPUTS: readonly ProfileOutput[] = [
  ...WINDOWS_OUTPUTS,
  appleMobileconfig,
  ...ANDROID_OUTPUTS,
  ...LINUX_OUTPUTS,
  ...GUIDE_OUTPUTS,
]
