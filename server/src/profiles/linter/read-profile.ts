import { type ProfileFacts, UnreadableProfile } from './profile-facts.ts'
import { readKeyfile } from './readers/read-keyfile.ts'
import { signedContent } from './readers/read-mobileconfig.ts'
import { readPowershell } from './readers/read-powershell.ts'
import { readRasphone } from './readers/read-rasphone.ts'
import { readSswan } from './readers/read-sswan.ts'
import { readSwanctl } from './readers/read-swanctl.ts'
import { readWpaSupplicant } from './readers/read-wpa-supplicant.ts'
import { readXml } from './readers/read-xml.ts'

export const MOST_OCTETS = 1024 * 1024
const SEQUENCE = 0x30

/** What a profile of any format says about security. @throws UnreadableProfile */
export function readProfile(content: Uint8Array): ProfileFacts {
  if (content.length > MOST_OCTETS) throw new UnreadableProfile('The file is larger than a mebibyte.')
  // A signed profile is DER; no text of a profile begins with a 0.
  if (content[0] === SEQUENCE) return readText(decoded(signedContent(content)))
  return readText(decoded(content))
}

/** Each pattern, here and in the readers, looks at no octet more than a few times: `lint-time.test.ts`. */
function readText(text: string): ProfileFacts {
  if (/^\s*<(?!#)/.test(text)) return readXml(text.trimStart())
  if (/^\s*\{/.test(text)) return readSswan(text)
  if (/\b(Add|Set)-VpnConnection\b|<(EapHostConfig|VPNProfile|WLANProfile|LANProfile)\b/i.test(text))
    return readPowershell(text)
  if (/^[ \t]*network\s*=\s*\{/m.test(text)) return readWpaSupplicant(text)
  if (/^[ \t]*connections\s*\{/m.test(text)) return readSwanctl(text)
  if (/(^|\n)\[connection\]/.test(text)) return readKeyfile(text)
  if (/(^|\n)VpnStrategy=/.test(text)) return readRasphone(text)
  throw new UnreadableProfile(
    'The format is not known here: EAP XML, ProfileXML, WLAN and LAN profiles, .mobileconfig, .sswan, NetworkManager, swanctl.conf, wpa_supplicant.conf, rasphone.pbk and PowerShell are.',
  )
}

/** Windows writes UTF-16 with a mark, others UTF-8. */
function decoded(content: Uint8Array): string {
  const [first, second] = content
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  const text = new TextDecoder(isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(content)
  return isUtf16 ? text.replace(/encoding="utf-16"/i, 'encoding="UTF-8"') : text
}
