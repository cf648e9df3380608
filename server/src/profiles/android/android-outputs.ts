import type { ProfileOutput } from '../profile-output.ts'
import { androidSswan } from './sswan.ts'
import { androidWifiValues } from './wifi-values.ts'

export const ANDROID_OUTPUTS: readonly ProfileOutput[] = [androidSswan, androidWifiValues]
