import { concat } from '@sallyport/bytes'
import { type DataType, Unreadable, type ValueOf } from './data-type.ts'
import type { AttributeDefinition, RawAttribute } from './definition.ts'
import { find } from './find.ts'
import type { HidingKey } from './hiding.ts'
import { type Read, readValue } from './read-value.ts'
import type { Secret } from './secret.ts'

/** One attribute where it stands; `octets` is a view into the packet. */
export interface AttributeView extends RawAttribute {
  /** Of its type octet, from the start of the packet. */
  readonly offset: number
}

const FIRST_ATTRIBUTE = 20

/**
 * A well-formed packet over the octets that arrived. Attributes are found when asked for and their octets are views:
 * copy what must outlive the datagram. Well-formed is not authentic: see `verify`.
 */
export class PacketView {
  /** Exactly the packet: what signatures are computed over. */
  readonly octets: Uint8Array
  /** Offset of Message-Authenticator, -1 where there is none. */
  readonly messageAuthenticatorAt: number

  /** Only `inspect` makes one: it has checked every length. */
  constructor(datagram: Uint8Array, length: number, messageAuthenticatorAt: number) {
    this.octets = datagram.length === length ? datagram : datagram.subarray(0, length)
    this.messageAuthenticatorAt = messageAuthenticatorAt
  }

  get code(): number {
    return this.octets[0] as number
  }

  get id(): number {
    return this.octets[1] as number
  }

  /** 16 octets, a view. */
  get authenticator(): Uint8Array {
    return this.octets.subarray(4, FIRST_ATTRIBUTE)
  }

  /** Every attribute in order, as it stands. */
  *attributes(): Generator<AttributeView, void> {
    const octets = this.octets
    for (let at = FIRST_ATTRIBUTE; at < octets.length; at += octets[at + 1] as number) {
      yield {
        type: octets[at] as number,
        octets: octets.subarray(at + 2, at + (octets[at + 1] as number)),
        offset: at,
      }
    }
  }

  /** Whether an attribute of this top-level type is there. */
  hasType(type: number): boolean {
    const octets = this.octets
    for (let at = FIRST_ATTRIBUTE; at < octets.length; at += octets[at + 1] as number) {
      if (octets[at] === type) return true
    }
    return false
  }

  /** What the key of hidden attributes is, when this packet is a request. For a reply, pass the request's. */
  hidingKey(secret: Secret): HidingKey {
    return { secret, authenticator: this.authenticator }
  }

  /**
   * The first occurrence and why it could not be read, or undefined where there is none. A concatenated attribute
   * (EAP-Message) is one occurrence, made of all of its type.
   */
  read<T extends DataType>(definition: AttributeDefinition<T>, hiding?: HidingKey): Read<T> | undefined {
    if (definition.concatenated) return this.readAll(definition, hiding)[0]
    let found: Read<T> | undefined
    find(this.octets, FIRST_ATTRIBUTE, this.octets.length, definition, (content) => {
      found = toRead(definition, content, hiding)
      return false
    })
    return found
  }

  readAll<T extends DataType>(definition: AttributeDefinition<T>, hiding?: HidingKey): Read<T>[] {
    const contents: (Uint8Array | Unreadable)[] = []
    find(
      this.octets,
      FIRST_ATTRIBUTE,
      this.octets.length,
      definition,
      (content) => contents.push(content) > 0,
    )
    if (definition.concatenated && contents.length > 1) {
      const broken = contents.find((content) => content instanceof Unreadable)
      // The cast: no content is Unreadable here.
      return [toRead(definition, broken ?? concat(...(contents as Uint8Array[])), hiding)]
    }
    return contents.map((content) => toRead(definition, content, hiding))
  }

  /** The first value, or undefined where there is none or it cannot be read (`read` tells which). */
  get<T extends DataType>(definition: AttributeDefinition<T>, hiding?: HidingKey): ValueOf<T> | undefined {
    const found = this.read(definition, hiding)
    return found?.ok === true ? found.value : undefined
  }

  /** Every value that can be read, in order. */
  getAll<T extends DataType>(definition: AttributeDefinition<T>, hiding?: HidingKey): ValueOf<T>[] {
    return this.readAll(definition, hiding).flatMap((found) => (found.ok ? [found.value] : []))
  }
}

function toRead<T extends DataType>(
  definition: AttributeDefinition<T>,
  content: Uint8Array | Unreadable,
  hiding: HidingKey | undefined,
): Read<T> {
  return content instanceof Unreadable
    ? { ok: false, reason: content.reason }
    : readValue(definition, content, hiding)
}
