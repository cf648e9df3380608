import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lintProfile } from './lint-profile.ts'
import { UnreadableProfile } from './profile-facts.ts'
import { MOST_OCTETS } from './read-profile.ts'

/** What patterns with two ways to read the same blanks, or searches that begin again at each mark, take minutes for. */
const SLOW: Readonly<Record<string, (octets: number) => string>> = {
  'empty-lines': (octets) => '\n'.repeat(octets),
  'separators-of-lines': (octets) => '\u2028'.repeat(octets / 3),
  'script-of-empty-lines': (octets) => `Add-VpnConnection${'\n'.repeat(octets)}`,
  'documents-that-do-not-end': (octets) => `Add-VpnConnection ${'<EapHostConfig '.repeat(octets / 15)}`,
  'networks-that-do-not-end': (octets) => 'network={\n'.repeat(octets / 10),
  'network-of-empty-lines': (octets) => `network={${'\n'.repeat(octets)}`,
  'value-with-blanks': (octets) => `network={\n a=x${' '.repeat(octets)}x\n}`,
  'section-value-with-blanks': (octets) => `connections {\n a = ${' '.repeat(octets)}#\u2028\n}`,
  'section-key-with-blanks': (octets) => `connections {\n a${' '.repeat(octets)}b\n}`,
  'quotes-that-do-not-end': (octets) => `connections {\n a = ${'"\\'.repeat(octets / 2)}`,
}
const LIMIT_MS = 5_000

describe('lintProfile: time', () => {
  for (const [name, make] of Object.entries(SLOW)) {
    it(`ok/${name}: the largest file holds nobody up`, () => {
      const begun = performance.now()
      const content = Buffer.from(make(MOST_OCTETS - 64))
      assert.ok(content.length > MOST_OCTETS / 2 && content.length <= MOST_OCTETS)
      try {
        lintProfile(content)
      } catch (error) {
        assert.ok(error instanceof UnreadableProfile)
      }
      assert.ok(performance.now() - begun < LIMIT_MS)
    })
  }

  it('ok/sections: braces on one line, quotes with braces and escapes, comments with anything', () => {
    const text = `# a "comment {
connections { a { remote { id = "CN=\\"x\\" {y}" # "
  } # }
  proposals = aes128-sha256-modp1024 } }`
    const { findings } = lintProfile(Buffer.from(text))
    assert.ok(findings.some(({ place }) => place === 'connections/a'))
  })
})
