import type { ProfileInput } from '../../profile-input.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'

const L2TP = { tunnelTypes: ['l2tp'], authentication: 'mschapv2' }
const PSK = { ...L2TP, l2tpMachineAuthentication: 'psk', preSharedKey: 'example-key' }
const PPTP = { tunnelTypes: ['pptp'], authentication: 'mschapv2' }
const LEGACY = {
  ike: { encryption: 'aes256', dhGroup: 'modp2048' },
  esp: { encryption: 'aes256', integrity: 'sha256', pfsGroup: 'none' },
}
const SPLIT = { routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }
const eap = (authentication: string) => exampleVpn({ authentication })

/** Name -> guide and connection: what the guide then says stands in findings.golden. */
export const FINDING_CASES: Readonly<Record<string, readonly [guide: string, input: ProfileInput]>> = {
  'Windows 11': ['windows-11', exampleVpn()],
  'Windows 11, all users': ['windows-11', exampleVpn({ allUsers: true })],
  'Windows 11, no EAP': ['windows-11', eap('mschapv2')],
  'Windows 11, WPA3': ['windows-11', exampleWifi({ security: 'wpa3' })],
  'Windows 11, Wi-Fi': ['windows-11', exampleWifi({ authentication: 'eap-mschapv2' })],
  'Windows 11, cable': ['windows-11', exampleWired({ authentication: 'eap-mschapv2' })],
  'Windows 10, no EAP': ['windows-10', eap('mschapv2')],
  'Windows 10, all users': ['windows-10', exampleVpn({ allUsers: true })],
  'Windows 10, cable': ['windows-10', exampleWired({ authentication: 'eap-mschapv2' })],
  'Control Panel, no EAP': ['windows-10-classic', exampleVpn({ authentication: 'mschapv2', allUsers: true })],
  'Windows 8': ['windows-8', exampleVpn()],
  'Windows 8, no EAP': ['windows-8', eap('mschapv2')],
  'Windows 8, password of IKEv2': ['windows-8', eap('eap-mschapv2')],
  'Windows 8, WPA3': ['windows-8', exampleWifi({ security: 'wpa3' })],
  'Windows 8, cable': ['windows-8', exampleWired({ authentication: 'eap-mschapv2' })],
  'Windows 7': ['windows-7', exampleVpn()],
  'Windows 7, its suite, routes': ['windows-7', exampleVpn({ cryptography: LEGACY, ...SPLIT })],
  'Windows 7, TTLS': ['windows-7', exampleVpn({ authentication: 'ttls-pap', tunnelTypes: ['sstp'] })],
  'Windows 7, WPA3': ['windows-7', exampleWifi({ security: 'wpa3' })],
  'Windows 7, cable': ['windows-7', exampleWired({ authentication: 'ttls-pap' })],
  'Windows XP': ['windows-xp', exampleVpn(PSK)],
  'Windows XP, certificate below': ['windows-xp', exampleVpn(L2TP)],
  'sign-in': ['windows-sign-in', exampleVpn({ allUsers: true })],
  'sign-in, one person, no EAP': ['windows-sign-in', eap('mschapv2')],
  'Mac, two tunnels': ['macos', exampleVpn({ tunnelTypes: ['ikev2', 'pptp'] })],
  'Mac, certificate below': ['macos', exampleVpn(L2TP)],
  'Mac, Wi-Fi': ['macos', exampleWifi({ authentication: 'ttls-pap' })],
  'Mac, cable': ['macos', exampleWired({ authentication: 'ttls-pap' })],
  'iPhone, PPTP': ['ios', exampleVpn(PPTP)],
  'iPhone, IKEv2': ['ios', exampleVpn()],
  'iPhone, certificate below': ['ios', exampleVpn(L2TP)],
  'iPhone, Wi-Fi': ['ios', exampleWifi({ authentication: 'ttls-pap' })],
  'Android, IKEv2 by certificate': ['android-ikev2', exampleVpn()],
  'Android, certificate below L2TP': ['android-l2tp', exampleVpn(L2TP)],
  'Android, strongSwan': ['android-strongswan', exampleVpn()],
  'Android, strongSwan and PEAP': ['android-strongswan', eap('peap-mschapv2')],
  'Android, SSTP and PPTP': ['android-sstp', exampleVpn(PPTP)],
  'Android, Wi-Fi': ['android-wifi', exampleWifi({ authentication: 'peap-eap-tls' })],
  'Ubuntu, PEAP': ['ubuntu', eap('peap-mschapv2')],
  'Ubuntu, certificate below': ['ubuntu', exampleVpn(L2TP)],
  'Ubuntu, Wi-Fi': ['ubuntu', exampleWifi({ authentication: 'peap-eap-tls' })],
  'Ubuntu, cable': ['ubuntu', exampleWired()],
  'Ubuntu, cable and PEAP': ['ubuntu', exampleWired({ authentication: 'peap-eap-tls' })],
  'Astra, SSTP': ['astra', exampleVpn({ ...PPTP, tunnelTypes: ['sstp', 'pptp'] })],
  'Astra, Wi-Fi': ['astra', exampleWifi({ authentication: 'peap-eap-tls' })],
  'Astra, cable': ['astra', exampleWired({ authentication: 'peap-eap-tls' })],
  'DNS, no name': ['dns', exampleVpn()],
  DNS: ['dns', exampleVpn({ dns: { suffixes: ['corp.example.org'] } })],
}
