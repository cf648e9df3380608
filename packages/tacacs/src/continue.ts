import { Reader, Writer } from '@sallyport/bytes'
import { type Decoded, refused } from './fault.ts'

const FIXED_LENGTH = 5

/** RFC 8907 section 5.3: what a client answers to GETDATA, GETUSER and GETPASS, or that it gives up. */
export interface AuthenticationContinue {
  readonly flags: number
  readonly userMessage: Uint8Array
  /** With the flag Abort: why. */
  readonly data: Uint8Array
}

export function encodeContinue({ flags, userMessage, data }: AuthenticationContinue): Uint8Array {
  return new Writer(FIXED_LENGTH + userMessage.length + data.length)
    .u16(userMessage.length)
    .u16(data.length)
    .u8(flags)
    .bytes(userMessage)
    .bytes(data)
    .finish()
}

export function decodeContinue(body: Uint8Array): Decoded<AuthenticationContinue> {
  if (body.length < FIXED_LENGTH) return refused('lengths-disagree')
  const reader = new Reader(body)
  const [messageLength, dataLength, flags] = [reader.u16(), reader.u16(), reader.u8()]
  if (FIXED_LENGTH + messageLength + dataLength !== body.length) return refused('lengths-disagree')
  const userMessage = reader.bytes(messageLength)
  return { ok: true, value: { flags, userMessage, data: reader.bytes(dataLength) } }
}
