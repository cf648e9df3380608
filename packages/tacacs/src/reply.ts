import { Reader, Writer } from '@sallyport/bytes'
import { type Decoded, refused } from './fault.ts'

const FIXED_LENGTH = 6

/** RFC 8907 section 5.2: what a server answers. */
export interface AuthenticationReply {
  /** One of `ReplyStatus`, or whatever the server made up. */
  readonly status: number
  readonly flags: number
  /** For the user. */
  readonly serverMessage: Uint8Array
  /** For an administrator, or what the status asks for. */
  readonly data: Uint8Array
}

export function encodeReply({ status, flags, serverMessage, data }: AuthenticationReply): Uint8Array {
  return new Writer(FIXED_LENGTH + serverMessage.length + data.length)
    .u8(status)
    .u8(flags)
    .u16(serverMessage.length)
    .u16(data.length)
    .bytes(serverMessage)
    .bytes(data)
    .finish()
}

export function decodeReply(body: Uint8Array): Decoded<AuthenticationReply> {
  if (body.length < FIXED_LENGTH) return refused('lengths-disagree')
  const reader = new Reader(body)
  const [status, flags, messageLength, dataLength] = [reader.u8(), reader.u8(), reader.u16(), reader.u16()]
  if (FIXED_LENGTH + messageLength + dataLength !== body.length) return refused('lengths-disagree')
  const serverMessage = reader.bytes(messageLength)
  return { ok: true, value: { status, flags, serverMessage, data: reader.bytes(dataLength) } }
}
