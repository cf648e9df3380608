import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  DH_GROUPS,
  IKE_ENCRYPTIONS,
  INTEGRITIES,
  TUNNEL_TYPES,
} from '../../../config/sections/connections/vpn.ts'
import { exampleVpn, exampleWifi } from '../../testing/example-input.ts'
import { assertGolden, type Field } from '../../testing/golden.ts'
import { type XmlNode, xmlDocument } from '../../xml-text.ts'
import { wlanProfile } from '../dot1x-xml.ts'
import { phoneBook } from '../phone-book.ts'
import { userProfileXml } from '../profile-xml.ts'
import { setUpScript } from '../set-up-script.ts'

/** What stands behind `name = '` in a script, all of them. */
function inScript(written: object, name: string): string {
  const lines = setUpScript(exampleVpn({ ...written }), 'person')
  const start = `  ${name} = '`
  return lines.flatMap((line) => (line.startsWith(start) ? [line.slice(start.length, -1)] : [])).join()
}

function inXml(root: XmlNode, name: string): string {
  const found = xmlDocument(root).matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))
  return [...found].map(([, value]) => value).join()
}
const inProfile = (written: object, name: string) => inXml(userProfileXml(exampleVpn({ ...written })), name)

function inBook(written: object, name: string): string {
  const lines = phoneBook(exampleVpn({ ...written }).connection).split('\r\n')
  return lines.flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : [])).join()
}

const PLAIN = { authentication: 'mschapv2' }
const fields: Record<string, () => readonly Field[]> = {
  tunnels: () =>
    TUNNEL_TYPES.flatMap((type): Field[] => {
      const written = { ...PLAIN, tunnelTypes: [type] }
      const second = { ...PLAIN, tunnelTypes: [type === 'sstp' ? 'l2tp' : 'sstp', type] }
      const names = setUpScript(exampleVpn(second), 'person').filter((line) => line.startsWith('$name = '))
      return [
        [`${type}, cmdlet`, inScript(written, 'TunnelType')],
        [`${type}, as the second`, names[1] ?? assert.fail()],
        [`${type}, ProfileXML`, inProfile(written, 'NativeProtocolType')],
        [`${type}, VpnStrategy`, inBook(written, 'VpnStrategy')],
        [`${type}, PreferredDevice`, inBook(written, 'PreferredDevice')],
        [`${type}, Device`, inBook(written, 'Device')],
      ]
    }),
  encryption: () =>
    (['required', 'maximum', 'optional', 'none'] as const).flatMap((encryption): Field[] => {
      const written = { ...PLAIN, tunnelTypes: ['sstp'], encryption }
      return [
        [`${encryption}, cmdlet`, inScript(written, 'EncryptionLevel')],
        [`${encryption}, ProfileXML`, inProfile(written, 'DataEncryption')],
        [`${encryption}, phone book`, inBook(written, 'DataEncryption')],
      ]
    }),
  suites: () => [
    ...IKE_ENCRYPTIONS.flatMap((encryption): Field[] => {
      const written = { cryptography: { ike: { encryption }, esp: { encryption } } }
      return [
        [`${encryption}, cmdlet, IKE`, inScript(written, 'EncryptionMethod')],
        [`${encryption}, cmdlet, ESP`, inScript(written, 'CipherTransformConstants')],
        [`${encryption}, cmdlet, integrity of ESP`, inScript(written, 'AuthenticationTransformConstants')],
        [`${encryption}, ProfileXML, IKE`, inProfile(written, 'EncryptionMethod')],
        [`${encryption}, ProfileXML, ESP`, inProfile(written, 'CipherTransformConstants')],
        [
          `${encryption}, ProfileXML, integrity of ESP`,
          inProfile(written, 'AuthenticationTransformConstants'),
        ],
      ]
    }),
    ...INTEGRITIES.flatMap((integrity): Field[] => {
      const written = { cryptography: { ike: { integrity } } }
      return [
        [`${integrity}, cmdlet`, inScript(written, 'IntegrityCheckMethod')],
        [`${integrity}, ProfileXML`, inProfile(written, 'IntegrityCheckMethod')],
      ]
    }),
    ...DH_GROUPS.flatMap((dhGroup): Field[] => {
      const written = { cryptography: { ike: { dhGroup }, esp: { pfsGroup: dhGroup } } }
      return [
        [`${dhGroup}, cmdlet`, `${inScript(written, 'DHGroup')} ${inScript(written, 'PfsGroup')}`],
        [`${dhGroup}, ProfileXML`, `${inProfile(written, 'DHGroup')} ${inProfile(written, 'PfsGroup')}`],
      ]
    }),
    ['no PFS', inScript({ cryptography: { esp: { pfsGroup: 'none' } } }, 'PfsGroup')],
  ],
  wifi: () => [
    ...(['wpa2', 'wpa3', 'wpa3-192'] as const).map((security): Field => {
      const profile = wlanProfile(exampleWifi({ security }))
      return [security, `${inXml(profile, 'authentication')} ${inXml(profile, 'encryption')}`]
    }),
    ...(['user', 'machine', 'both'] as const).map(
      (identity): Field => [identity, inXml(wlanProfile(exampleWifi({ identity })), 'authMode')],
    ),
  ],
}

describe('words of Windows for every value of a setting', () => {
  for (const [name, read] of Object.entries(fields)) {
    it(`ok/${name}`, () => assertGolden(read(), new URL(`golden/words-${name}.golden`, import.meta.url)))
  }
})
