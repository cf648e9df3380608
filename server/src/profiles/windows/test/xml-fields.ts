import { spawnSync } from 'node:child_process'
import type { Field } from '../../testing/golden.ts'

/** Namespaces by the short names the golden files use. */
const SHORT: Readonly<Record<string, string>> = {
  'http://www.microsoft.com/provisioning/EapHostConfig': 'host',
  'http://www.microsoft.com/provisioning/EapCommon': 'common',
  'http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1': 'base',
  'http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1': 'tls1',
  'http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2': 'tls2',
  'http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV3': 'tls3',
  'http://www.microsoft.com/provisioning/MsPeapConnectionPropertiesV1': 'peap1',
  'http://www.microsoft.com/provisioning/MsPeapConnectionPropertiesV2': 'peap2',
  'http://www.microsoft.com/provisioning/MsChapV2ConnectionPropertiesV1': 'mschap1',
  'http://www.microsoft.com/provisioning/EapTtlsConnectionPropertiesV1': 'ttls1',
  'http://www.microsoft.com/networking/WLAN/profile/v1': 'wlan1',
  'http://www.microsoft.com/networking/WLAN/profile/v3': 'wlan3',
  'http://www.microsoft.com/networking/LAN/profile/v1': 'lan1',
  'http://www.microsoft.com/networking/OneX/v1': 'onex1',
  'SYNCML:SYNCML1.2': 'sync',
  'syncml:metinf': 'metinf',
}

/** libxml2 reads; elements without children and attributes are printed with their path, each step with its namespace. */
const READER = `
import json, sys
from lxml import etree
parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
def fields(node, path, parent):
    name = etree.QName(node)
    step = name.localname if name.namespace == parent else '{%s}%s' % (name.namespace or '', name.localname)
    here = path + [step]
    for key, value in node.attrib.items():
        yield here + ['@' + key], value
    if len(node) == 0:
        yield here, node.text or ''
    elif (node.text or '').strip() != '' or any((child.tail or '').strip() != '' for child in node):
        raise SystemExit('text between elements')
    for child in node:
        if not isinstance(child.tag, str):
            raise SystemExit('a comment or an instruction')
        yield from fields(child, here, name.namespace)
print(json.dumps([list(fields(etree.fromstring(text.encode(), parser), [], None)) for text in json.load(sys.stdin)]))
`

/** The fields of documents as libxml2 sees them; one run for all. */
export function xmlFields(documents: readonly string[]): readonly (readonly Field[])[] {
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', READER], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(stderr)
  const read = JSON.parse(stdout) as readonly (readonly [string[], string][])[] // as READER prints it
  return read.map((fields) => fields.map(([steps, value]) => [steps.map(shortened).join('/'), value]))
}

function shortened(step: string): string {
  return step.replace(/^\{(.*)\}/, (_, namespace: string) => `${SHORT[namespace] ?? namespace}:`)
}
