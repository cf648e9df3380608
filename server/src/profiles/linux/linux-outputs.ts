import type { ProfileOutput } from '../profile-output.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { linuxSetup } from './setup.ts'
import { linuxSwanctl } from './swanctl.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'

export const LINUX_OUTPUTS: readonly ProfileOutput[] = [
  linuxSetup,
  linuxNetworkManager,
  linuxSwanctl,
  linuxWpaSupplicant,
]
