import type { Guide } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { windowsPorts } from './windows-ports.ts'
import { connectInSettings, settingsFindings, settingsSteps } from './windows-settings.ts'
import { ABILITIES, windowsVpn } from './windows-vpn.ts'
import { classicSteps, connectInTray } from './windows-wizard.ts'

const NAME = 'Windows 10'
const CLASSIC = 'Windows 10 (Control Panel)'

export const WINDOWS_10: Guide = {
  id: 'windows-10',
  name: NAME,
  system: 'windows',
  container: 'modern',
  vpn: windowsVpn({
    name: NAME,
    abilities: ABILITIES,
    asksForPlace: true,
    create: settingsSteps(W.network10, W.addVpn10),
    connect: connectInSettings(W.network10),
    findings: settingsFindings,
  }),
  ...windowsPorts({ name: NAME, asksForPlace: true, hasTtls: true, hasWpa3: true }),
}

/** The second way on the same system: also for all users of a computer. */
export const WINDOWS_10_CLASSIC: Guide = {
  id: 'windows-10-classic',
  name: { key: 'windows10Classic', values: {} },
  system: 'windows',
  container: 'modern',
  vpn: windowsVpn({
    name: CLASSIC,
    abilities: ABILITIES,
    asksForPlace: true,
    create: classicSteps,
    connect: connectInTray,
  }),
}
