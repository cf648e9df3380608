import { Reader, Truncated, Writer } from '@sallyport/bytes'

/** RADIUS attributes and Microsoft's vendor attributes that travel as AVPs (RFC 5281 section 11, RFC 2548). */
export const AvpCode = {
  UserName: 1,
  UserPassword: 2,
  ChapPassword: 3,
  ChapChallenge: 60,
  EapMessage: 79,
} as const

export const MicrosoftAvp = {
  ChapResponse: 1,
  ChapError: 2,
  ChapChallenge: 11,
  Chap2Response: 25,
  Chap2Success: 26,
} as const

export const MICROSOFT = 311

const VENDOR = 0x80
const MANDATORY = 0x40
const HEADER = 8
const VENDOR_HEADER = 12

/** One attribute-value pair in Diameter's format (RFC 5281 section 10.1). */
export interface Avp {
  readonly code: number
  /** 0 for the codes of RADIUS and Diameter themselves. */
  readonly vendor: number
  readonly mandatory: boolean
  readonly value: Uint8Array
}

/** Reads a sequence of AVPs; undefined where one is malformed. The padding after the last one may be missing. */
export function parseAvps(octets: Uint8Array): Avp[] | undefined {
  const avps: Avp[] = []
  try {
    const reader = new Reader(octets)
    while (reader.left > 0) {
      const code = reader.u32()
      const flags = reader.u8()
      const length = reader.u24()
      const vendor = (flags & VENDOR) === 0 ? 0 : reader.u32()
      const value = reader.bytes(length - ((flags & VENDOR) === 0 ? HEADER : VENDOR_HEADER))
      avps.push({ code, vendor, mandatory: (flags & MANDATORY) !== 0, value })
      reader.bytes(Math.min(padding(length), reader.left))
    }
  } catch (error) {
    if (error instanceof Truncated) return undefined
    throw error
  }
  return avps
}

/** AVPs one after the other, each padded to a multiple of four octets, all mandatory. */
export function encodeAvps(avps: readonly Pick<Avp, 'code' | 'vendor' | 'value'>[]): Uint8Array {
  let total = 0
  for (const avp of avps) total += avpLength(avp) + padding(avpLength(avp))
  const writer = new Writer(total)
  for (const avp of avps) {
    const length = avpLength(avp)
    writer.u32(avp.code).u8(MANDATORY | (avp.vendor === 0 ? 0 : VENDOR))
    writer.u24(length)
    if (avp.vendor !== 0) writer.u32(avp.vendor)
    writer.bytes(avp.value).bytes(new Uint8Array(padding(length)))
  }
  return writer.finish()
}

function avpLength(avp: Pick<Avp, 'vendor' | 'value'>): number {
  return (avp.vendor === 0 ? HEADER : VENDOR_HEADER) + avp.value.length
}

function padding(length: number): number {
  return -length & 3
}
