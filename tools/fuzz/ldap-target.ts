import { fromHex } from '@sallyport/bytes'
import { encodeFilter, LdapError, MessageFramer, parseDn, readResponse } from '@sallyport/ldap'
import { mutate, mutateText } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** What LDAP servers send, in pieces of any size; filters and names that people write. */
export const ldapTarget: FuzzTarget = { name: 'ldap', share: 1 / 8, open: async () => new LdapFuzz() }

const LIMIT = 4096
const ANSWERS = [
  '300c 020101 6107 0a0100 0400 0400',
  '3014 020105 610f 0a0131 0400 0408 6461746120353265',
  '301b 020102 6416 0404636e3d61 300e 300c 0402636e 3106 040161 0401ff',
  '3084 00000010 020101 6184 00000007 0a0100 0400 0400',
  '3033 020104 6507 0a0100 0400 0400 a025 3023 0416312e322e3834302e3131333535362e312e342e333139 0409 3007 020100 0402636b',
  '3019 020103 7314 0412 6c6461703a2f2f3136392e3235342e312e31',
].map((hex) => fromHex(hex))
const FILTERS = [
  '(&(objectClass=user)(|(uid=a\\2a)(mail=*@x))(!(cn=b)))',
  '(memberOf:1.2.840.113556.1.4.1941:=cn=a)',
]
const NAMES = ['CN=James \\"Jim\\" Smith\\, III,DC=example', 'OU=Sales+CN=J. \\C4\\8D,dc=x', 'uid=#04024869']
const WORDS = [
  '(',
  ')',
  '*',
  '\\',
  '\\5c',
  '&',
  '|',
  '!',
  '=',
  ':=',
  ':dn:',
  '~=',
  ',',
  '+',
  '#',
  '"',
  ' ',
  '\0',
  'é',
  '(!',
]

class LdapFuzz implements OpenTarget {
  attempt(random: Random, tell: (input: Uint8Array) => void): string {
    if (random.oneIn(3)) return attemptText(random, tell)
    const stream = Buffer.concat(
      Array.from({ length: random.between(1, 5) }, () => {
        const answer = random.pick(ANSWERS)
        return random.oneIn(2) ? answer : mutate(answer, random, ANSWERS)
      }),
    )
    tell(stream)
    return orRefused(() => {
      const framer = new MessageFramer(LIMIT)
      let count = 0
      for (let at = 0; at < stream.length; ) {
        const end = at + random.between(1, 40)
        for (const octets of framer.push(stream.subarray(at, end))) {
          if (octets.length > LIMIT) throw new Finding(`a message of ${octets.length} octets came through`)
          readResponse(octets)
          count++
        }
        at = end
      }
      return count === 0 ? 'incomplete' : 'read'
    })
  }

  close(): void {
    for (const answer of ANSWERS) readResponse(answer)
  }
}

function attemptText(random: Random, tell: (input: Uint8Array) => void): string {
  const isFilter = random.oneIn(2)
  const text = mutateText(random.pick(isFilter ? FILTERS : NAMES), random, WORDS)
  tell(Buffer.from(text))
  return orRefused(() => {
    if (isFilter) encodeFilter(text)
    else parseDn(text)
    return 'read'
  })
}

function orRefused(act: () => string): string {
  try {
    return act()
  } catch (error) {
    if (error instanceof LdapError) return 'refused'
    throw error
  }
}
