import { PkiError, parseSignedData } from '@sallyport/pki'
import type { XmlElement } from '@sallyport/pki/windows'
import {
  type EapFacts,
  type NetworkFacts,
  type ProfileFacts,
  type ReadingFault,
  type TunnelFacts,
  UnreadableProfile,
} from '../profile-facts.ts'
import { dictionaryAt, listAt, type PlistDictionary, plistValue, textAt } from './plist-value.ts'

/** The document inside of a signed profile; whose signature it is, is not looked at. @throws UnreadableProfile */
export function signedContent(octets: Uint8Array): Uint8Array {
  try {
    const { content } = parseSignedData(octets)
    if (content !== undefined) return content
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
  }
  throw new UnreadableProfile(
    'The file is neither text nor a signed profile (CMS SignedData with its content).',
  )
}

/** A configuration profile of Apple. */
export function readMobileConfig(plist: XmlElement, faults: ReadingFault[]): ProfileFacts {
  const [root] = plist.children
  const profile = root === undefined ? undefined : dictionaryAt({ root: plistValue(root) }, 'root')
  if (profile === undefined) throw new UnreadableProfile('The property list holds no dictionary.')
  const eap: EapFacts[] = []
  const tunnels: TunnelFacts[] = []
  const networks: NetworkFacts[] = []
  for (const [index, value] of listAt(profile, 'PayloadContent').entries()) {
    const payload = dictionaryAt({ value }, 'value')
    if (payload === undefined) continue
    const place = `PayloadContent/${String(index)}`
    const type = textAt(payload, 'PayloadType') ?? ''
    if (type === 'com.apple.vpn.managed') tunnels.push(...vpnFacts(payload, place, eap))
    if (type !== 'com.apple.wifi.managed' && !/ethernet\.managed$/.test(type)) continue
    const client = dictionaryAt(payload, 'EAPClientConfiguration')
    const kind = type === 'com.apple.wifi.managed' ? 'wifi' : 'wired'
    const security = textAt(payload, 'EncryptionType')?.toLowerCase()
    networks.push({
      place,
      kind,
      usesEap: client !== undefined,
      ...(security === undefined ? {} : { security }),
    })
    if (client !== undefined) eap.push(...eapFacts(client, `${place}/EAPClientConfiguration`))
  }
  return { format: 'mobileconfig', eap, tunnels, networks, faults }
}

const EAP_TYPES: ReadonlyMap<unknown, EapFacts['method']> = new Map([
  [13, 'eap-tls'],
  [21, 'ttls'],
  [25, 'peap'],
])

function eapFacts(client: PlistDictionary, place: string): EapFacts[] {
  const server = {
    checksServer: true,
    serverNames: { names: texts(client, 'TLSTrustedServerNames'), arePatterns: false },
    anchors: texts(client, 'PayloadCertificateAnchorUUID'),
    // Absent: the person may not add exceptions to a profile that names servers (Apple's schema).
    asksPerson: client.TLSAllowTrustExceptions === true,
  }
  return listAt(client, 'AcceptEAPTypes').map((type) => {
    const method = EAP_TYPES.get(type) ?? 'other'
    const inner = method === 'ttls' ? textAt(client, 'TTLSInnerAuthentication')?.toLowerCase() : undefined
    return { place, method, ...server, ...(inner === undefined ? {} : { inner }) }
  })
}

function vpnFacts(payload: PlistDictionary, place: string, eap: EapFacts[]): TunnelFacts[] {
  switch (textAt(payload, 'VPNType')) {
    case 'IKEv2': {
      const ikev2 = dictionaryAt(payload, 'IKEv2') ?? {}
      const usesEap = ikev2.ExtendedAuthEnabled === 1 || ikev2.ExtendedAuthEnabled === true
      if (usesEap && textAt(ikev2, 'PayloadCertificateUUID') === undefined)
        eap.push({ place: `${place}/IKEv2`, method: 'eap-mschapv2' })
      const remote = textAt(ikev2, 'RemoteIdentifier') ?? ''
      return [
        {
          ...{ place: `${place}/IKEv2`, type: 'ikev2' as const, checksGatewayName: remote !== '' },
          suites: [
            ...suitesOf(ikev2, 'IKESecurityAssociationParameters'),
            ...suitesOf(ikev2, 'ChildSecurityAssociationParameters'),
          ],
          usesPreSharedKey: textAt(ikev2, 'AuthenticationMethod') === 'SharedSecret',
          holdsSecret:
            textAt(ikev2, 'AuthPassword') !== undefined || textAt(ikev2, 'SharedSecret') !== undefined,
        },
      ]
    }
    case 'L2TP': {
      const ipsec = dictionaryAt(payload, 'IPSec') ?? {}
      const usesPreSharedKey = textAt(ipsec, 'AuthenticationMethod') === 'SharedSecret'
      const hasPassword = textAt(dictionaryAt(payload, 'PPP') ?? {}, 'AuthPassword') !== undefined
      return [{ place, type: 'l2tp', usesPreSharedKey, holdsSecret: usesPreSharedKey || hasPassword }]
    }
    case 'PPTP':
      return [{ place, type: 'pptp', encryption: 'optional' }]
    case 'IPSec':
      return [{ place, type: 'ipsec', usesPreSharedKey: true, holdsSecret: true }]
    default:
      return []
  }
}

/** Group 14 and up are written as numbers; those below 14 are weak. */
function suitesOf(ikev2: PlistDictionary, key: string): string[] {
  const parameters = dictionaryAt(ikev2, key)
  if (parameters === undefined) return []
  const group = parameters.DiffieHellmanGroup
  return [
    ...['EncryptionAlgorithm', 'IntegrityAlgorithm'].flatMap((name) => textAt(parameters, name) ?? []),
    ...(typeof group === 'number' && group < 14 ? [String(group)] : []),
  ]
}

function texts(value: PlistDictionary, key: string): string[] {
  return listAt(value, key).filter((one): one is string => typeof one === 'string')
}
