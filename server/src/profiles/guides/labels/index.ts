import { ANDROID, SSTP_APP, STRONGSWAN_APP } from './android.ts'
import { APPLE } from './apple.ts'
import { GNOME, NM_APPLET, NM_L2TP, NM_PPTP, NM_SSTP, NM_STRONGSWAN } from './network-manager.ts'
import { WINDOWS } from './windows.ts'

export const LABELS = {
  WINDOWS,
  APPLE,
  ANDROID,
  STRONGSWAN_APP,
  SSTP_APP,
  GNOME,
  NM_STRONGSWAN,
  NM_L2TP,
  NM_PPTP,
  NM_SSTP,
  NM_APPLET,
} as const
