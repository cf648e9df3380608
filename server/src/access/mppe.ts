import { type Attribute, attribute } from '@sallyport/radius'
import {
  MsMppeEncryptionPolicy,
  MsMppeEncryptionTypes,
  MsMppeRecvKey,
  MsMppeSendKey,
} from '@sallyport/radius/attributes'

/** MS-MPPE-Send-Key and -Recv-Key (RFC 2548 sections 2.4.2 and 2.4.3), named from the NAS's point of view. */
export function mppeKeyAttributes(keys: {
  readonly send: Uint8Array
  readonly receive: Uint8Array
}): Attribute[] {
  return [attribute(MsMppeSendKey, keys.send), attribute(MsMppeRecvKey, keys.receive)]
}

/** An EAP method's MSK as MPPE keys: the first half is Recv, the second Send (RFC 3748 section 7.10, RFC 5216 2.3). */
export function mskAttributes(msk: Uint8Array): Attribute[] {
  return mppeKeyAttributes({ receive: msk.subarray(0, 32), send: msk.subarray(32, 64) })
}

/** Encryption is required, with 128 bits (RFC 2548 sections 2.4.4 and 2.4.5): PPP without it would be clear text. */
export function mppePolicy(): Attribute[] {
  return [attribute(MsMppeEncryptionPolicy, 2), attribute(MsMppeEncryptionTypes, 4)]
}
