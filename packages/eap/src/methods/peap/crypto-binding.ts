import { createHmac } from 'node:crypto'
import { concat, fromUtf8, timingSafeEqual, Writer } from '@sallyport/bytes'
import { EapType } from '../../eap-type.ts'
import type { EapKeys } from '../../result.ts'
import { TlvType } from './tlv.ts'

/** Sub-types of the Cryptobinding TLV ([MS-PEAP] section 2.2.8.1.1). */
export const BindingSubType = { Request: 0, Response: 1 } as const

const NONCE_LENGTH = 32
const MAC_LENGTH = 20
/** TLV header, reserved, version, received version, sub-type, nonce, compound MAC. */
const TLV_LENGTH = 4 + 4 + NONCE_LENGTH + MAC_LENGTH
const NO_KEY = new Uint8Array(32)

/** Keys that hold only for whoever took part in the tunnel and in the inner method alike. */
export interface CompoundKeys {
  /** Inner method session key chained with the tunnel's, 40 octets. */
  readonly ipmk: Uint8Array
  /** Compound MAC key, 20 octets. */
  readonly cmk: Uint8Array
}

/**
 * IPMK and CMK ([MS-PEAP] section 3.1.5.5.2.2). `innerMsk`: of the inner method, none where it derives no keys. `resumed`:
 * no inner method ran, so both are taken from the tunnel key alone.
 */
export function compoundKeys(
  tunnel: EapKeys,
  innerMsk: Uint8Array | undefined,
  resumed: boolean,
): CompoundKeys {
  const tunnelKey = tunnel.msk.subarray(0, 60)
  if (resumed) return { ipmk: tunnelKey.slice(0, 40), cmk: tunnelKey.slice(40, 60) }
  const inner = innerMsk === undefined || innerMsk.length < 32 ? NO_KEY : innerMsk.subarray(0, 32)
  const seed = concat(fromUtf8('Inner Methods Compound Keys'), inner)
  const material = prfPlus(tunnelKey.subarray(0, 40), seed, 60)
  return { ipmk: material.slice(0, 40), cmk: material.slice(40, 60) }
}

/** The compound session key ([MS-PEAP] section 3.1.5.5.2.3) as MSK and EMSK; the label counts its terminating zero. */
export function compoundSessionKey(ipmk: Uint8Array, sessionId: Uint8Array): EapKeys {
  const material = prfPlus(ipmk, fromUtf8('Session Key Generating Function\0'), 128)
  return { msk: material.slice(0, 64), emsk: material.slice(64, 128), sessionId }
}

/** A Cryptobinding TLV with its compound MAC. */
export function encodeCryptoBinding(
  cmk: Uint8Array,
  subType: (typeof BindingSubType)[keyof typeof BindingSubType],
  nonce: Uint8Array,
): Uint8Array {
  const tlv = new Writer(TLV_LENGTH)
    .u16(TlvType.CryptoBinding)
    .u16(TLV_LENGTH - 4)
    .u8(0)
    .u8(0)
    .u8(0)
    .u8(subType)
    .bytes(nonce)
    .bytes(new Uint8Array(MAC_LENGTH))
    .finish()
  tlv.set(compoundMac(cmk, tlv), TLV_LENGTH - MAC_LENGTH)
  return tlv
}

/** The nonce of a Cryptobinding TLV whose length, versions (PEAPv0), sub-type and MAC are right; undefined otherwise. */
export function checkCryptoBinding(
  cmk: Uint8Array,
  tlv: Uint8Array,
  subType: (typeof BindingSubType)[keyof typeof BindingSubType],
): Uint8Array | undefined {
  if (tlv.length !== TLV_LENGTH || tlv[5] !== 0 || tlv[6] !== 0 || tlv[7] !== subType) return undefined
  const macAt = TLV_LENGTH - MAC_LENGTH
  const zeroed = tlv.slice().fill(0, macAt)
  if (!timingSafeEqual(compoundMac(cmk, zeroed), tlv.subarray(macAt))) return undefined
  return tlv.slice(macAt - NONCE_LENGTH, macAt)
}

/** HMAC-SHA1-160 over the TLV with a zero MAC, and the EAP type of PEAP. */
function compoundMac(cmk: Uint8Array, tlv: Uint8Array): Uint8Array {
  return createHmac('sha1', cmk).update(tlv).update(Uint8Array.of(EapType.Peap)).digest()
}

/** PRF+ of [MS-PEAP] section 3.1.5.5.2.2: T(n) = HMAC-SHA1(K, T(n-1) | S | n | 0x00 | 0x00). */
function prfPlus(key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const material: Uint8Array[] = []
  let last: Uint8Array = new Uint8Array(0)
  for (let n = 1; n <= Math.ceil(length / MAC_LENGTH); n++) {
    last = createHmac('sha1', key)
      .update(last)
      .update(seed)
      .update(Uint8Array.of(n, 0, 0))
      .digest()
    material.push(last)
  }
  return concat(...material).subarray(0, length)
}
