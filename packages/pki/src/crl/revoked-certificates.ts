import { fromHex } from '@sallyport/bytes'
import { type Extension, readExtensions } from '../certificate/extension.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { readInteger, readSmallInteger, readTime } from '../der/der-values.ts'
import { TAG } from '../der/tags.ts'
import { readGeneralNames } from '../names/general-name.ts'
import { EXTENSION } from '../oids.ts'
import { malformed } from '../pki-error.ts'
import { CRL_REASONS, type CrlReason } from './crl-reason.ts'

export interface RevokedEntry {
  readonly serial: Uint8Array
  readonly revokedAt: number
  readonly reason: CrlReason
  /** Since when the key is known or suspected to be lost (RFC 5280 section 5.3.2). */
  readonly invalidityDate?: number
}

/** From an octet of the list on, the entries are about certificates of this issuer (RFC 5280 section 5.3.3). */
interface IssuerChange {
  readonly from: number
  readonly key: string
}

/**
 * The entries of a CRL. A list of half a million stays the octets it came in, with an index of four octets a slot over
 * them: an object for each would take ten times the memory and seconds to make. Every entry is checked when the list
 * is parsed; one that is looked up is read then.
 */
export class RevokedCertificates {
  readonly size: number
  /** Some are about certificates of another issuer than that of the list. */
  readonly isIndirect: boolean
  /** Critical extensions of entries that are not understood. */
  readonly unknownCritical: ReadonlySet<string>
  readonly #octets: Uint8Array
  /** Offset of an entry plus one, at the hash of its serial or the next free slot after it. */
  readonly #slots: Uint32Array
  readonly #issuers: readonly IssuerChange[]

  /**
   * @param octets content of revokedCertificates: a view on the list, kept
   * @param issuer comparable name of who issued the list, and what is on it until an entry says otherwise
   */
  constructor(octets: Uint8Array, issuer: string) {
    this.#octets = octets
    const issuers: IssuerChange[] = [{ from: 0, key: issuer }]
    const unknownCritical = new Set<string>()
    let size = 0
    for (let at = 0; at < octets.length; at = checkEntry(octets, at, issuers, unknownCritical)) size++
    this.size = size
    this.unknownCritical = unknownCritical
    this.#issuers = issuers
    this.isIndirect = issuers.length > 1
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(size * 2 + 1)))
    for (let at = 0; at < octets.length; at = endOf(octets, at)) this.#insert(at)
  }

  /** `serial`: content octets of the INTEGER. `issuer`: comparable name; default: the issuer of the list. */
  get(serial: Uint8Array, issuer: string = this.#issuerAt(0)): RevokedEntry | undefined {
    const at = this.#find(serial, 0, serial.length, issuer)
    return at < 0 ? undefined : readEntry(this.#octets, at)
  }

  has(serial: Uint8Array, issuer: string = this.#issuerAt(0)): boolean {
    return this.#find(serial, 0, serial.length, issuer) >= 0
  }

  /** Every entry read, in the order of the list: not for lists of a size nobody has bounded. */
  *[Symbol.iterator](): Generator<RevokedEntry> {
    for (let at = 0; at < this.#octets.length; at = endOf(this.#octets, at)) yield readEntry(this.#octets, at)
  }

  /** Serials, of whatever issuer, that an earlier list did not have. */
  *addedSince(before: RevokedCertificates | undefined): Generator<Uint8Array> {
    const octets = this.#octets
    for (let at = 0; at < octets.length; at = endOf(octets, at)) {
      const serial = serialAt(octets, at)
      const end = serialEnd(octets, serial)
      if (before === undefined || before.#find(octets, serial, end, this.#issuerAt(at)) < 0)
        yield octets.subarray(serial, end)
    }
  }

  /** A later entry about the same certificate takes the place of an earlier one. */
  #insert(at: number): void {
    const serial = serialAt(this.#octets, at)
    const end = serialEnd(this.#octets, serial)
    this.#slots[this.#slotOf(this.#octets, serial, end, this.#issuerAt(at))] = at + 1
  }

  /** Offset of the entry about this serial, or -1. */
  #find(octets: Uint8Array, from: number, to: number, issuer: string): number {
    return (this.#slots[this.#slotOf(octets, from, to, issuer)] as number) - 1
  }

  /** The slot of the entry about this serial, or the free one where it would stand. */
  #slotOf(octets: Uint8Array, from: number, to: number, issuer: string): number {
    const mask = this.#slots.length - 1
    let slot = hashOf(octets, from, to) & mask
    for (;;) {
      const at = (this.#slots[slot] as number) - 1
      if (at < 0 || (this.#isSerial(at, octets, from, to) && this.#issuerAt(at) === issuer)) return slot
      slot = (slot + 1) & mask
    }
  }

  #isSerial(at: number, octets: Uint8Array, from: number, to: number): boolean {
    const serial = serialAt(this.#octets, at)
    const length = to - from
    if (this.#octets[serial - 1] !== length) return false
    for (let i = 0; i < length; i++) if (this.#octets[serial + i] !== octets[from + i]) return false
    return true
  }

  /** The last change before the entry; nearly every list has one only. */
  #issuerAt(at: number): string {
    let [low, high] = [0, this.#issuers.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#issuers[middle]?.from ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return this.#issuers[low]?.key ?? ''
  }
}

/** FNV-1a. */
function hashOf(octets: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (octets[at] as number), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** An entry as nearly all are: length, serial and time in their short forms; the offset of what follows the time. */
function afterTime(octets: Uint8Array, at: number): number {
  const serial = at + 4
  const length = octets[at + 3] as number
  const time = serial + length
  const plain =
    octets[at] === TAG.sequence &&
    (octets[at + 1] as number) < 0x80 &&
    octets[at + 2] === TAG.integer &&
    length > 0 &&
    length <= MOST_SERIAL_OCTETS &&
    !isPadded(octets[serial] as number, octets[serial + 1] as number, length) &&
    isUtcTime(octets, time)
  return plain ? time + 15 : -1
}

/** Longer than RFC 5280 section 4.1.2.2 allows, short enough for one octet of length. */
const MOST_SERIAL_OCTETS = 127

function isPadded(first: number, second: number, length: number): boolean {
  return length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
}

/** `YYMMDDHHMMSSZ` in which every part can be; days after the 28th, and the year 99, are left to the slower way. */
function isUtcTime(octets: Uint8Array, at: number): boolean {
  if (octets[at] !== TAG.utcTime || octets[at + 1] !== 13 || octets[at + 14] !== 0x5a) return false
  const pair = (from: number): number => {
    const [tens, units] = [(octets[from] as number) - 0x30, (octets[from + 1] as number) - 0x30]
    return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : 99
  }
  const [month, day] = [pair(at + 4), pair(at + 6)]
  return (
    pair(at + 2) < 99 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    pair(at + 8) < 24 &&
    pair(at + 10) < 60 &&
    pair(at + 12) < 60
  )
}

/** Extensions with a reason code alone: all but its last octet. */
const REASON_ALONE = fromHex('300c300a0603551d1504030a01')

function isReasonAlone(octets: Uint8Array, at: number, end: number): boolean {
  if (end - at !== REASON_ALONE.length + 1) return false
  for (let i = 0; i < REASON_ALONE.length; i++) if (octets[at + i] !== REASON_ALONE[i]) return false
  return CRL_REASONS[octets[end - 1] as number] !== undefined
}

/** The offset of the next entry. @throws PkiError `malformed` */
function checkEntry(
  octets: Uint8Array,
  at: number,
  issuers: IssuerChange[],
  unknownCritical: Set<string>,
): number {
  const extensions = afterTime(octets, at)
  if (extensions > 0) {
    const end = at + 2 + (octets[at + 1] as number)
    const whole = end <= octets.length && (extensions === end || isReasonAlone(octets, extensions, end))
    if (whole) return end
  }
  const { end, extensions: found } = readParts(octets, at)
  for (const extension of found?.values() ?? []) {
    if (extension.oid === EXTENSION.certificateIssuer) issuers.push({ from: at, key: issuerKey(extension) })
    else if (extension.critical && !UNDERSTOOD.has(extension.oid)) unknownCritical.add(extension.oid)
  }
  readReason(found)
  readInvalidityDate(found)
  return end
}

const UNDERSTOOD: ReadonlySet<string> = new Set([EXTENSION.cRLReason, EXTENSION.invalidityDate])

interface EntryParts {
  readonly serial: Uint8Array
  readonly revokedAt: number
  readonly extensions: ReadonlyMap<string, Extension> | undefined
  readonly end: number
}

function readParts(octets: Uint8Array, at: number): EntryParts {
  const outer = new DerReader(octets.subarray(at)).expect(TAG.sequence, 'revoked certificate')
  const entry = new DerReader(outer.content)
  const serial = readInteger(entry.expect(TAG.integer, 'serial'))
  if (serial.length > MOST_SERIAL_OCTETS) throw malformed(`a serial of ${serial.length} octets`)
  const revokedAt = readTime(entry.any())
  const list = entry.optional(TAG.sequence)
  entry.finish('revoked certificate')
  const extensions = list === undefined ? undefined : readExtensions(list)
  return { serial, revokedAt, extensions, end: at + outer.encoded.length }
}

function readEntry(octets: Uint8Array, at: number): RevokedEntry {
  const { serial, revokedAt, extensions } = readParts(octets, at)
  const invalidityDate = readInvalidityDate(extensions)
  return {
    ...{ serial, revokedAt, reason: readReason(extensions) },
    ...(invalidityDate !== undefined && { invalidityDate }),
  }
}

function readInvalidityDate(extensions: ReadonlyMap<string, Extension> | undefined): number | undefined {
  const extension = extensions?.get(EXTENSION.invalidityDate)
  return extension === undefined
    ? undefined
    : readTime(onlyElement(extension.value, TAG.generalizedTime, 'invalidity date'))
}

function readReason(extensions: ReadonlyMap<string, Extension> | undefined): CrlReason {
  const extension = extensions?.get(EXTENSION.cRLReason)
  if (extension === undefined) return 'unspecified'
  const code = readSmallInteger(onlyElement(extension.value, TAG.enumerated, 'reason code'))
  const reason = CRL_REASONS[code]
  if (reason === undefined) throw malformed(`reason code ${code}`)
  return reason
}

/** Section 5.3.3: the name of the CA, as its certificates have it. */
function issuerKey({ value }: Extension): string {
  const names = readGeneralNames(onlyElement(value, TAG.sequence, 'certificateIssuer').content)
  const name = names.find(({ kind }) => kind === 'directory')
  if (name?.kind !== 'directory') throw malformed('certificateIssuer without a directory name')
  return name.name.key
}

/** Of entries that were checked: their length is right. */
function endOf(octets: Uint8Array, at: number): number {
  const first = octets[at + 1] as number
  if (first < 0x80) return at + 2 + first
  let length = 0
  for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + (octets[at + 2 + i] as number)
  return at + 2 + (first & 0x7f) + length
}

function serialAt(octets: Uint8Array, at: number): number {
  const first = octets[at + 1] as number
  return at + (first < 0x80 ? 4 : 4 + (first & 0x7f))
}

function serialEnd(octets: Uint8Array, serial: number): number {
  return serial + (octets[serial - 1] as number)
}
