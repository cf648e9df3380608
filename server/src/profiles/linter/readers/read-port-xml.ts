import type { NetworkFacts, ProfileFacts, ReadingFault } from '../profile-facts.ts'
import { EAP } from './eap-namespaces.ts'
import { readEapHostConfig } from './read-eap-xml.ts'
import type { XmlPlace } from './xml-place.ts'

const WLAN = 'http://www.microsoft.com/networking/WLAN/profile/v1'
const LAN = 'http://www.microsoft.com/networking/LAN/profile/v1'
const ONE_X = 'http://www.microsoft.com/networking/OneX/v1'
const SECURITIES: Readonly<Record<string, string>> = {
  open: 'open',
  shared: 'wep',
  wpa: 'wpa',
  wpapsk: 'wpa',
  wpa2: 'wpa2',
  wpa2psk: 'wpa2',
  wpa3: 'wpa3',
  wpa3ent: 'wpa3',
  wpa3ent192: 'wpa3',
  wpa3sae: 'wpa3',
}

/** WLANProfile and LANProfile, as `netsh wlan export profile` writes them. */
export function readPortXml(root: XmlPlace, faults: ReadingFault[]): ProfileFacts {
  const isWifi = root.element.name === 'WLANProfile'
  const namespace = isWifi ? WLAN : LAN
  if (root.element.namespace !== namespace) {
    root.fault('namespace-wrong', `${root.element.name} stands in the namespace "${root.element.namespace}".`)
  }
  const security = root.at(namespace, 'MSM', 'security')
  const oneX = security?.child(ONE_X, 'OneX')
  const host = oneX?.child(ONE_X, 'EAPConfig')?.child(EAP.host, 'EapHostConfig')
  const network: NetworkFacts = {
    place: root.place,
    kind: isWifi ? 'wifi' : 'wired',
    usesEap: host !== undefined,
    ...(isWifi ? protection(security, namespace) : {}),
  }
  return {
    format: isWifi ? 'wlan-xml' : 'lan-xml',
    eap: host === undefined ? [] : readEapHostConfig(host),
    tunnels: [],
    networks: [network],
    faults,
  }
}

function protection(security: XmlPlace | undefined, namespace: string): Partial<NetworkFacts> {
  const encryption = security?.child(namespace, 'authEncryption')
  const word = encryption?.child(namespace, 'authentication')?.text ?? 'open'
  const cipher = encryption?.child(namespace, 'encryption')?.text
  return {
    security: SECURITIES[word.toLowerCase()] ?? word,
    ...(cipher === undefined || cipher === 'none' ? {} : { cipher }),
  }
}
