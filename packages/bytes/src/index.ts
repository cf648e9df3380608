/**
 * Reading and writing octets, the way every protocol package of this house does it.
 * Multi-octet integers are in network order. Nothing here knows a protocol.
 */
export { timingSafeEqual } from './compare.ts'
export { concat, fromHex, fromUtf8, toHex, toUtf8, wipe } from './octets.ts'
export { Reader, Truncated } from './reader.ts'
export { Overflow, Writer } from './writer.ts'
