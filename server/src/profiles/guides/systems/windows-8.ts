import type { Finding } from '../../profile-output.ts'
import type { Guide } from '../guide.ts'
import { windowsPorts } from './windows-ports.ts'
import { ABILITIES, windowsVpn } from './windows-vpn.ts'
import { classicSteps, connectInTray } from './windows-wizard.ts'

const NAME = 'Windows 8.1'

/** EAP of Windows 7 and 8 begins with TLS 1.0 until update KB2977292 and a registry value (TlsVersion 0xFC0) say otherwise. */
export const TLS_BY_UPDATE: Finding = {
  severity: 'warning',
  code: 'tls-1-2-by-update',
  message:
    'EAP of Windows 7 and 8 speaks TLS 1.2, which this server asks for, only with update KB2977292 and the registry value TlsVersion.',
  setting: 'authentication',
}

export const WINDOWS_8: Guide = {
  id: 'windows-8',
  name: NAME,
  system: 'windows',
  container: 'legacy',
  vpn: windowsVpn({
    name: NAME,
    abilities: ABILITIES,
    asksForPlace: true,
    create: classicSteps,
    connect: connectInTray,
    findings: ({ connection: { authentication } }) =>
      authentication === 'mschapv2' || authentication === 'eap-mschapv2' ? [] : [TLS_BY_UPDATE],
  }),
  ...windowsPorts({ name: NAME, asksForPlace: true, hasTtls: true, hasWpa3: false, notes: [TLS_BY_UPDATE] }),
}
