import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Finding } from '../../profile-output.ts'
import type { Guide, Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { say, ui } from '../phrase.ts'
import { TLS_BY_UPDATE } from './windows-8.ts'
import { windowsPorts } from './windows-ports.ts'
import { propertySteps } from './windows-security.ts'
import { ABILITIES_7, windowsVpn } from './windows-vpn.ts'
import { connectInTray, wizardSteps } from './windows-wizard.ts'

const NAME = 'Windows 7'

/**
 * Windows 7 has no cmdlet for suites. This value makes IKE offer group 14 with AES-256 beside its old proposals; without
 * it modern gateways refuse with 13868.
 */
const STRONGER_GROUP =
  'reg add HKLM\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\Parameters /v NegotiateDH2048_AES256 /t REG_DWORD /d 1 /f'

function createSteps(input: ProfileInput<VpnConnection>, tunnel: TunnelType): readonly Step[] {
  return [
    ...wizardSteps(input, true),
    ...propertySteps(input, tunnel),
    ...(tunnel === 'ikev2' || tunnel === 'l2tp'
      ? [{ say: say('runAsAdministrator', { program: ui(W.commandPrompt) }), command: STRONGER_GROUP }]
      : []),
  ]
}

function findings({ connection }: ProfileInput<VpnConnection>): readonly Finding[] {
  const { authentication, tunnelTypes, cryptography, routing } = connection
  const found: Finding[] = []
  if (authentication !== 'mschapv2' && authentication !== 'eap-mschapv2') found.push(TLS_BY_UPDATE)
  const { ike, esp } = cryptography
  const fits =
    ike.encryption === 'aes256' &&
    ike.dhGroup === 'modp2048' &&
    esp.pfsGroup === 'none' &&
    esp.encryption === 'aes256'
  if (tunnelTypes.includes('ikev2') && !fits) {
    const message =
      'Windows 7 offers aes256 with modp2048 and SHA-1 or SHA-256 for IKE and aes256 without PFS for ESP at best; the gateway has to take that beside cryptography.'
    found.push({ severity: 'warning', code: 'suite-not-on-windows-7', message, setting: 'cryptography' })
  }
  if (routing === 'split') {
    const message = 'Windows 7 cannot keep routes in a connection: the gateway has to tell them.'
    found.push({ severity: 'warning', code: 'routes-not-set', message, setting: 'routing' })
  }
  return found
}

export const WINDOWS_7: Guide = {
  id: 'windows-7',
  name: NAME,
  system: 'windows',
  container: 'legacy',
  vpn: windowsVpn({
    name: NAME,
    abilities: ABILITIES_7,
    asksForPlace: false,
    create: createSteps,
    connect: connectInTray,
    findings,
  }),
  ...windowsPorts({
    name: NAME,
    asksForPlace: false,
    hasTtls: false,
    hasWpa3: false,
    notes: [TLS_BY_UPDATE],
  }),
}
