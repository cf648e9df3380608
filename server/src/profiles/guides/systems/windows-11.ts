import type { Guide } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { windowsPorts } from './windows-ports.ts'
import { connectInSettings, settingsFindings, settingsSteps } from './windows-settings.ts'
import { ABILITIES, windowsVpn } from './windows-vpn.ts'

const NAME = 'Windows 11'

export const WINDOWS_11: Guide = {
  id: 'windows-11',
  name: NAME,
  system: 'windows',
  container: 'modern',
  vpn: windowsVpn({
    name: NAME,
    abilities: ABILITIES,
    asksForPlace: true,
    create: settingsSteps(W.network11, W.addVpn11),
    connect: connectInSettings(W.network11),
    findings: settingsFindings,
  }),
  ...windowsPorts({ name: NAME, asksForPlace: true, hasTtls: true, hasWpa3: true }),
}
