import assert from 'node:assert/strict'
import type { Field } from '../../testing/golden.ts'

/** Reads wpa_supplicant.conf(5) by itself: `network/eap` and its value as it stands; a blob as its octets in base64. */
export function readWpa(text: string): readonly Field[] {
  const fields: Field[] = []
  let section: string | undefined
  let octets = ''
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    const opened = /^(network|blob-base64-\w+)=\{$/.exec(line)?.[1]
    if (opened !== undefined) {
      assert.equal(section, undefined, 'a block in a block')
      section = opened
      octets = ''
    } else if (line === '}') {
      if (section !== 'network') fields.push([section ?? '', octets])
      section = undefined
    } else if (section?.startsWith('blob') === true) octets += line
    else {
      const at = line.indexOf('=')
      assert.ok(at > 0, `not a line of settings: ${line}`)
      fields.push([`${section === undefined ? '' : `${section}/`}${line.slice(0, at)}`, line.slice(at + 1)])
    }
  }
  assert.equal(section, undefined, 'a block stays open')
  return fields
}
