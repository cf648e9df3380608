import { type XmlNode, xml, xmlFragment } from '../xml-text.ts'
import { cspName } from './csp-name.ts'

/** A command of OMA DM that puts a profile in: for MDM servers that take SyncML. The text of Data is the value Intune wants. */
export function syncMl(scope: 'User' | 'Device', name: string, profile: XmlNode): XmlNode {
  const uri = `./${scope}/Vendor/MSFT/VPNv2/${cspName(name)}/ProfileXML`
  return xml(
    'SyncML',
    [
      xml('SyncBody', [
        xml('Add', [
          xml('CmdID', 1),
          xml('Item', [
            xml('Target', [xml('LocURI', uri)]),
            xml('Meta', [xml('Format', 'chr', { xmlns: 'syncml:metinf' })]),
            xml('Data', xmlFragment(profile)),
          ]),
        ]),
        xml('Final', []),
      ]),
    ],
    { xmlns: 'SYNCML:SYNCML1.2' },
  )
}
