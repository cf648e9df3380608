import { fromUtf8, Reader, Truncated, toUtf8, Writer } from '@sallyport/bytes'

/** OpCode of an EAP-MSCHAPv2 packet (draft-kamath-pppext-eap-mschapv2 section 2; RFC 2759 sections 3 to 7). */
export const OpCode = { Challenge: 1, Response: 2, Success: 3, Failure: 4, ChangePassword: 7 } as const

/**
 * A packet as it stands in the type-data. `id` is the MS-CHAPv2-ID: the EAP Identifier already matches answers to requests,
 * and no hash of MS-CHAPv2 covers it, so nobody checks it.
 */
export type MschapV2Packet =
  | { readonly op: 'challenge'; readonly id: number; readonly challenge: Uint8Array; readonly name: string }
  | {
      readonly op: 'response'
      readonly id: number
      readonly peerChallenge: Uint8Array
      readonly ntResponse: Uint8Array
      readonly name: string
    }
  /** `message` is empty in the peer's acknowledgement, which is the OpCode alone. */
  | { readonly op: 'success'; readonly id: number; readonly message: string }
  | { readonly op: 'failure'; readonly id: number; readonly message: string }
  | {
      readonly op: 'change-password'
      readonly id: number
      readonly encryptedPassword: Uint8Array
      readonly encryptedHash: Uint8Array
      readonly peerChallenge: Uint8Array
      readonly ntResponse: Uint8Array
    }

const HEADER = 4
const CHALLENGE_SIZE = 16
/** Peer-Challenge 16, reserved 8, NT-Response 24, flags 1 (RFC 2759 section 4). */
const RESPONSE_SIZE = 49
/** RFC 2759 section 7: 516 + 16 + 16 + 8 + 24 + 2, and the header. */
const CHANGE_LENGTH = 586

/** Undefined: not well-formed. Octets after MS-Length are cut off; an MS-Length beyond the packet is not well-formed. */
export function parseMschapV2(data: Uint8Array): MschapV2Packet | undefined {
  const acknowledged = data.length === 1 ? data[0] : undefined
  if (acknowledged === OpCode.Success) return { op: 'success', id: 0, message: '' }
  if (acknowledged === OpCode.Failure) return { op: 'failure', id: 0, message: '' }
  try {
    return parseWhole(data)
  } catch (error) {
    if (error instanceof Truncated) return undefined
    throw error
  }
}

function parseWhole(data: Uint8Array): MschapV2Packet | undefined {
  const header = new Reader(data)
  const op = header.u8()
  const id = header.u8()
  const length = header.u16()
  if (length < HEADER || length > data.length) return undefined
  const reader = new Reader(data.subarray(HEADER, length))
  switch (op) {
    case OpCode.Challenge: {
      if (reader.u8() !== CHALLENGE_SIZE) return undefined
      const challenge = reader.bytes(CHALLENGE_SIZE)
      const name = toUtf8(reader.rest())
      return name === undefined ? undefined : { op: 'challenge', id, challenge, name }
    }
    case OpCode.Response: {
      if (reader.u8() !== RESPONSE_SIZE) return undefined
      const value = parseResponseValue(reader)
      reader.u8() // flags: zero in MS-CHAPv2
      const name = toUtf8(reader.rest())
      return name === undefined ? undefined : { op: 'response', id, ...value, name }
    }
    case OpCode.Success:
    case OpCode.Failure: {
      const message = toUtf8(reader.rest())
      return message === undefined
        ? undefined
        : { op: op === OpCode.Success ? 'success' : 'failure', id, message }
    }
    case OpCode.ChangePassword: {
      if (length !== CHANGE_LENGTH) return undefined
      const encryptedPassword = reader.bytes(516)
      const encryptedHash = reader.bytes(16)
      return { op: 'change-password', id, encryptedPassword, encryptedHash, ...parseResponseValue(reader) }
    }
    default:
      return undefined
  }
}

function parseResponseValue(reader: Reader): { peerChallenge: Uint8Array; ntResponse: Uint8Array } {
  const peerChallenge = reader.bytes(16)
  reader.bytes(8) // reserved
  return { peerChallenge, ntResponse: reader.bytes(24) }
}

export function encodeMschapV2(packet: MschapV2Packet): Uint8Array<ArrayBuffer> {
  switch (packet.op) {
    case 'challenge': {
      const name = fromUtf8(packet.name)
      const writer = start(OpCode.Challenge, packet.id, 1 + CHALLENGE_SIZE + name.length)
      return writer.u8(CHALLENGE_SIZE).bytes(packet.challenge).bytes(name).finish()
    }
    case 'response': {
      const name = fromUtf8(packet.name)
      const writer = start(OpCode.Response, packet.id, 1 + RESPONSE_SIZE + name.length).u8(RESPONSE_SIZE)
      return writeResponseValue(writer, packet).u8(0).bytes(name).finish()
    }
    case 'success':
    case 'failure': {
      const op = packet.op === 'success' ? OpCode.Success : OpCode.Failure
      if (packet.message === '') return Uint8Array.of(op)
      const message = fromUtf8(packet.message)
      return start(op, packet.id, message.length).bytes(message).finish()
    }
    case 'change-password': {
      const writer = start(OpCode.ChangePassword, packet.id, CHANGE_LENGTH - HEADER)
      writer.bytes(packet.encryptedPassword).bytes(packet.encryptedHash)
      return writeResponseValue(writer, packet).u16(0).finish()
    }
  }
}

function start(op: number, id: number, length: number): Writer {
  return new Writer(HEADER + length)
    .u8(op)
    .u8(id)
    .u16(HEADER + length)
}

function writeResponseValue(writer: Writer, value: { peerChallenge: Uint8Array; ntResponse: Uint8Array }) {
  return writer.bytes(value.peerChallenge).bytes(new Uint8Array(8)).bytes(value.ntResponse)
}
