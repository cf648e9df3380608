import type { EapFacts, NetworkFacts, ProfileFacts, TunnelFacts } from '../profile-facts.ts'
import { iniSections } from './ini-sections.ts'

const SERVICE = /^org\.freedesktop\.NetworkManager\.(strongswan|l2tp|sstp|pptp)$/
const METHODS: Readonly<Record<string, EapFacts['method']>> = { tls: 'eap-tls', peap: 'peap', ttls: 'ttls' }

type Values = ReadonlyMap<string, string>

/** A connection of NetworkManager. */
export function readKeyfile(text: string): ProfileFacts {
  const sections = new Map(iniSections(text).map(({ name, values }) => [name, values]))
  const of = (name: string): Values => sections.get(name) ?? new Map()
  const port = sections.get('802-1x')
  const isWifi = of('connection').get('type') === 'wifi' || sections.has('wifi')
  const isVpn = sections.has('vpn')
  return {
    format: 'networkmanager',
    eap: port === undefined ? [] : eapFacts(port),
    tunnels: isVpn ? vpnFacts(of('vpn'), of('vpn-secrets')) : [],
    networks: isVpn ? [] : [networkFacts(isWifi, port !== undefined, of('wifi-security'))],
    faults: [],
  }
}

function networkFacts(isWifi: boolean, usesEap: boolean, security: Values): NetworkFacts {
  if (!isWifi) return { place: '802-1x', kind: 'wired', usesEap }
  const word = security.get('key-mgmt') ?? 'open'
  const words: Readonly<Record<string, string>> = { none: 'wep', ieee8021x: 'wep', open: 'open' }
  return { place: 'wifi-security', kind: 'wifi', usesEap, security: words[word] ?? 'wpa2' }
}

function eapFacts(port: Values): EapFacts[] {
  const names = (
    port.get('domain-suffix-match') ??
    port.get('domain-match') ??
    port.get('altsubject-matches') ??
    ''
  )
    .split(';')
    .filter((name) => name !== '')
  const anchor = port.get('ca-cert') ?? port.get('ca-path')
  const inner = port.get('phase2-auth') ?? port.get('phase2-autheap')
  return (port.get('eap') ?? '')
    .split(';')
    .filter((method) => method !== '')
    .map((method) => ({
      ...{ place: '802-1x', method: METHODS[method] ?? 'other', checksServer: true },
      serverNames: { names, arePatterns: false },
      anchors: anchor === undefined ? [] : [anchor],
      ...(inner === undefined ? {} : { inner }),
    }))
}

function vpnFacts(vpn: Values, secrets: Values): TunnelFacts[] {
  const [, service] = SERVICE.exec(vpn.get('service-type') ?? '') ?? []
  const holdsSecret = [...secrets.values()].some((secret) => secret !== '') || vpn.has('ipsec-psk')
  const isYes = (key: string) => vpn.get(key) === 'yes'
  // With a certificate (EAP-TLS) there is no password that could be shown.
  const provesByCertificate = [vpn.get('user-auth-type'), vpn.get('connection-type')].includes('tls')
  const allowed = provesByCertificate
    ? ['eap']
    : ['pap', 'chap', 'mschap', 'mschapv2', 'eap'].filter((method) => !isYes(`refuse-${method}`))
  const isEncrypted = isYes('require-mppe') || isYes('require-mppe-40') || isYes('require-mppe-128')
  switch (service) {
    case 'strongswan': {
      const suites = [vpn.get('ike'), vpn.get('esp')].flatMap((one) => one?.split(/[-;]/) ?? [])
      const anchors = vpn.get('certificate')
      return [
        {
          ...{ place: 'vpn', type: 'ikev2', suites: suites.filter((one) => one !== ''), holdsSecret },
          gatewayAnchors: anchors === undefined ? [] : [anchors],
          usesPreSharedKey: vpn.get('method') === 'psk',
        },
      ]
    }
    case 'l2tp': {
      const usesPreSharedKey = vpn.get('machine-auth-type') !== 'tls'
      return [{ place: 'vpn', type: 'l2tp', usesPreSharedKey, holdsSecret, methods: allowed }]
    }
    case 'sstp': {
      const anchor = vpn.get('ca-cert') ?? vpn.get('tls-ca-cert')
      const gatewayAnchors = anchor === undefined ? [] : [anchor]
      const checksGatewayName = !isYes('ignore-cert-warn')
      return [
        { place: 'vpn', type: 'sstp', holdsSecret, gatewayAnchors, checksGatewayName, methods: allowed },
      ]
    }
    case 'pptp': {
      const encryption = isEncrypted ? 'required' : 'optional'
      return [{ place: 'vpn', type: 'pptp', holdsSecret, methods: allowed, encryption }]
    }
    default:
      return []
  }
}
