import { hash } from 'node:crypto'
import { concat, fromUtf8 } from '@sallyport/bytes'

/** Both 128-bit start keys of one end: what the server calls `send` the peer calls `receive`. 16 octets each. */
export interface MppeKeys {
  readonly send: Uint8Array
  readonly receive: Uint8Array
}

const MASTER = fromUtf8('This is the MPPE Master Key')
const FROM_CLIENT = fromUtf8(
  'On the client side, this is the send key; on the server side, it is the receive key.',
)
const FROM_SERVER = fromUtf8(
  'On the client side, this is the receive key; on the server side, it is the send key.',
)
const PAD_1 = new Uint8Array(40)
const PAD_2 = new Uint8Array(40).fill(0xf2)

/** GetMasterKey (RFC 3079 section 3.4), 16 octets. */
export function masterKey(ntHashHash: Uint8Array, ntResponse: Uint8Array): Uint8Array {
  return sha1(16, ntHashHash, ntResponse, MASTER)
}

/** The MS-CHAPv2 start keys of the given end (GetAsymmetricStartKey, RFC 3079 section 3.4). */
export function mppeKeys(ntHashHash: Uint8Array, ntResponse: Uint8Array, end: 'server' | 'peer'): MppeKeys {
  const master = masterKey(ntHashHash, ntResponse)
  const fromClient = sha1(16, master, PAD_1, FROM_CLIENT, PAD_2)
  const fromServer = sha1(16, master, PAD_1, FROM_SERVER, PAD_2)
  master.fill(0)
  return end === 'server'
    ? { send: fromServer, receive: fromClient }
    : { send: fromClient, receive: fromServer }
}

/** GetStartKey for MS-CHAPv1 (RFC 3079 section 2.4): the 128-bit start key, the same in both directions. 16 octets. */
export function mppeStartKeyV1(ntHashHash: Uint8Array, challenge: Uint8Array): Uint8Array {
  return sha1(16, ntHashHash, ntHashHash, challenge)
}

/** GetNewKeyFromSHA (RFC 3079 sections 2.4 and 3.4) with the start key as the session key: the first session key. */
export function mppeSessionKey(startKey: Uint8Array): Uint8Array {
  return sha1(16, startKey, PAD_1, startKey, PAD_2)
}

function sha1(length: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha1', concat(...parts), 'buffer').subarray(0, length)
}
