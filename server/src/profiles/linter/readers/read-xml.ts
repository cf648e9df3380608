import { parseXml, XmlError } from '@sallyport/pki/windows'
import { type ProfileFacts, type ReadingFault, UnreadableProfile } from '../profile-facts.ts'
import { readEapHostConfig } from './read-eap-xml.ts'
import { readMobileConfig } from './read-mobileconfig.ts'
import { readPortXml } from './read-port-xml.ts'
import { readProfileXml } from './read-profile-xml.ts'
import { XmlPlace } from './xml-place.ts'

/** A profile in JSON-sized pieces: what Windows and Apple write is far below. */
const LIMITS = { octets: 1024 * 1024, depth: 48, nodes: 20_000 }
/** The only document type there is any reason for; it is taken away, never fetched. */
const PLIST_TYPE =
  /<!DOCTYPE plist PUBLIC "-\/\/Apple(?: Computer)?\/\/DTD PLIST 1\.0\/\/EN" "https?:\/\/www\.apple\.com\/DTDs\/PropertyList-1\.0\.dtd">/

/** Any of the formats that are XML. @throws UnreadableProfile */
export function readXml(text: string): ProfileFacts {
  const faults: ReadingFault[] = []
  const element = parsed(text)
  const root = new XmlPlace(element, element.name, faults)
  switch (element.name) {
    case 'EapHostConfig':
      return { format: 'eap-xml', eap: readEapHostConfig(root), tunnels: [], networks: [], faults }
    case 'VPNProfile':
      return readProfileXml(root, faults)
    case 'WLANProfile':
    case 'LANProfile':
      return readPortXml(root, faults)
    case 'plist':
      return readMobileConfig(element, faults)
    default:
      throw new UnreadableProfile(
        `An XML document that begins with ${element.name} is no profile that is known here.`,
      )
  }
}

export function parsed(text: string) {
  try {
    return parseXml(Buffer.from(text.replace(PLIST_TYPE, ''), 'utf8'), LIMITS)
  } catch (error) {
    if (error instanceof XmlError) throw new UnreadableProfile(`The XML cannot be read: ${error.message}`)
    throw error
  }
}
