/** Names that look like alice, or like nobody, with alice's right password. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import type { AbuseHouse } from './house.ts'

/** As radclient writes them; `\\000` is a NUL. */
const NAMES: readonly (readonly [what: string, name: string])[] = [
  ['two realms', 'alice@a@b'],
  ['a realm nobody has', 'alice@nowhere.example'],
  ['an empty realm', 'alice@'],
  ['a realm of dots', 'alice@..'],
  ['two prefixes', 'A\\\\B\\\\alice'],
  ['a space at the end', 'alice '],
  ['a space before', ' alice'],
  ['a NUL at the end', 'alice\\000'],
  ['a NUL inside', 'alice\\000@other'],
  ['a Cyrillic a', 'аlice'],
  ['a full-width a', 'ａlice'],
  ['a zero-width joiner', 'ali\u200dce'],
  ['a soft hyphen', 'ali\u00adce'],
  ['a combining mark', 'alice\u0301'],
  ['a wildcard', 'al*'],
  ['an LDAP filter', 'alice)(uid=*'],
  ['SQL', "alice' or '1'='1"],
  ['a line break', 'alice\\nbob'],
  ['nothing', ''],
]

export const IDENTITIES: LabCase<AbuseHouse> = {
  name: `${NAMES.length} names that are not alice, with the password of alice: none is let in`,
  async run(house) {
    assert.equal(await house.pap('alice'), 'Access-Accept')
    const codes = new Map<string, number>()
    for (const [what, name] of NAMES) {
      const code = (await house.pap(name)) ?? 'silence'
      assert.notEqual(code, 'Access-Accept', what)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    return [...codes].map(([code, count]) => `${count} ${code}`).join(', ')
  },
}
