import { isIP } from 'node:net'
import { networkOf } from '../../config/sections/client-address.ts'
import { unsayable } from './unsayable.ts'

export type Family = 4 | 6

/** One line of an access list. The first that fits decides; what no line permits is denied. */
export interface AclRule {
  readonly action: 'permit' | 'deny'
  readonly protocol: 'ip' | 'tcp' | 'udp' | 'icmp'
  /** `in`: what the user's device sends. `out`: what is sent to it (`to self`). */
  readonly direction: 'in' | 'out'
  /** Absent: IPv4 and IPv6. */
  readonly family?: Family
  /** The other side, seen from the user's device. */
  readonly peer: AclPeer
  readonly ownPorts?: Ports
  readonly peerPorts?: Ports
}

/** An address has the whole length as its prefix. */
export type AclPeer = 'any' | { readonly family: Family; readonly address: string; readonly bits: number }

export interface Ports {
  readonly first: number
  readonly last: number
}

const SHAPE =
  'permit|deny ip|ipv4|ipv6|tcp|udp|icmp from any|self [port N|N-M] to any|ADDRESS|PREFIX [port N|N-M]'

/** @throws ConfigError 'acl-invalid' with the line and what is wrong with it */
export function parseAccessList(lines: readonly string[]): readonly AclRule[] {
  return lines.map((line, index) => {
    const parsed = new Line(line)
    try {
      return parsed.rule()
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw unsayable(
        'acl-invalid',
        'acl',
        `line ${index + 1} "${line}": ${error.message}. A line is: ${SHAPE}`,
      )
    }
  })
}

/** A line is words, so it is read word by word. */
class Line {
  readonly #words: string[]

  constructor(text: string) {
    this.#words = text.trim().split(/\s+/)
  }

  rule(): AclRule {
    const action = this.#oneOf(['permit', 'deny'] as const)
    const word = this.#oneOf(['ip', 'ipv4', 'ipv6', 'tcp', 'udp', 'icmp'] as const)
    this.#oneOf(['from'] as const)
    const from = this.#place()
    const fromPorts = this.#ports()
    this.#oneOf(['to'] as const)
    const to = this.#place()
    const toPorts = this.#ports()
    const extra = this.#words[0]
    if (extra !== undefined) throw new SyntaxError(`"${extra}" is too much`)
    const protocol = word === 'ipv4' || word === 'ipv6' ? 'ip' : word
    if ((fromPorts ?? toPorts) !== undefined && protocol !== 'tcp' && protocol !== 'udp') {
      throw new SyntaxError('only tcp and udp have ports')
    }
    const isOut = to === 'self'
    const peer = isOut ? from : to
    if (peer === 'self') throw new SyntaxError('"self" stands on one side')
    if (!isOut && from !== 'any' && from !== 'self') {
      throw new SyntaxError('"from" is the user\'s own device here: any or self')
    }
    const family = familyOf(word, peer)
    const ownPorts = isOut ? toPorts : fromPorts
    const peerPorts = isOut ? fromPorts : toPorts
    return {
      action,
      protocol,
      direction: isOut ? 'out' : 'in',
      peer,
      ...(family === undefined ? {} : { family }),
      ...(ownPorts === undefined ? {} : { ownPorts }),
      ...(peerPorts === undefined ? {} : { peerPorts }),
    }
  }

  #oneOf<const Word extends string>(words: readonly Word[]): Word {
    const word = this.#words.shift()
    const found = words.find((candidate) => candidate === word)
    if (found === undefined) {
      throw new SyntaxError(
        `expected ${words.join(' or ')}, not ${word === undefined ? 'the end' : `"${word}"`}`,
      )
    }
    return found
  }

  #place(): AclPeer | 'self' {
    const word = this.#words.shift()
    if (word === 'any' || word === 'self') return word
    if (word === undefined) throw new SyntaxError('an address is missing')
    const network = networkOf(word)
    if (network === undefined) throw new SyntaxError(`"${word}" is no address and no prefix`)
    if (network.hostBits) throw new SyntaxError(`"${word}" reaches beyond its prefix; ${network.text}?`)
    const [address = '', bits] = network.text.split('/')
    return { family: isIP(address) === 6 ? 6 : 4, address, bits: Number(bits) }
  }

  #ports(): Ports | undefined {
    if (this.#words[0] !== 'port') return undefined
    this.#words.shift()
    const word = this.#words.shift() ?? ''
    const [, low, high] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? []
    const first = Number(low)
    const last = high === undefined ? first : Number(high)
    if (low === undefined || last > 65_535 || first > last) {
      throw new SyntaxError(`"${word}" is no port and no range of ports`)
    }
    return { first, last }
  }
}

function familyOf(word: string, peer: AclPeer): Family | undefined {
  const said = word === 'ipv4' ? 4 : word === 'ipv6' ? 6 : undefined
  if (peer === 'any') return said
  if (said !== undefined && said !== peer.family) throw new SyntaxError(`the address is not ${word}`)
  return peer.family
}

/** The rules that concern a family. */
export function rulesOf(rules: readonly AclRule[], family: Family): readonly AclRule[] {
  return rules.filter((rule) => rule.family === undefined || rule.family === family)
}
