import { concat, Reader, Writer } from '@sallyport/bytes'
import { Action, AuthenticationType, PrivilegeLevel, Service } from './codes.ts'
import { type Decoded, refused } from './fault.ts'

const FIXED_LENGTH = 8

/** RFC 8907 section 5.1: what a client begins an authentication with. Texts are UTF-8 (section 3.6). */
export interface AuthenticationStart {
  readonly action: number
  readonly privilegeLevel: number
  readonly type: number
  readonly service: number
  readonly user: Uint8Array
  readonly port: Uint8Array
  readonly remoteAddress: Uint8Array
  readonly data: Uint8Array
}

/** Who logs in, and where: at most 255 octets each. */
export interface Login {
  readonly user: Uint8Array
  readonly port: Uint8Array
  readonly remoteAddress: Uint8Array
}

/** Longest field of a START: its length is one octet. */
export const MOST_FIELD_OCTETS = 0xff

/** Section 5.4.2.2: the password is the data. To be sent with minor version 1. */
export function papStart(login: Login, password: Uint8Array): AuthenticationStart {
  return { ...start(login), type: AuthenticationType.Pap, data: password }
}

/** Section 5.4.2.3: one octet of identifier, the challenge, 16 octets of response. To be sent with minor version 1. */
export function chapStart(
  login: Login,
  chap: { readonly id: number; readonly challenge: Uint8Array; readonly response: Uint8Array },
): AuthenticationStart {
  const data = concat(Uint8Array.of(chap.id), chap.challenge, chap.response)
  return { ...start(login), type: AuthenticationType.Chap, data }
}

function start(login: Login) {
  return {
    action: Action.Login,
    privilegeLevel: PrivilegeLevel.User,
    service: Service.Login,
    ...login,
  }
}

/** @throws RangeError where a field is longer than 255 octets */
export function encodeStart(message: AuthenticationStart): Uint8Array {
  const { user, port, remoteAddress, data } = message
  const fields = [user, port, remoteAddress, data]
  const length = fields.reduce((sum, field) => sum + field.length, FIXED_LENGTH)
  const writer = new Writer(length)
  writer.u8(message.action).u8(message.privilegeLevel).u8(message.type).u8(message.service)
  for (const field of fields) writer.u8(field.length)
  for (const field of fields) writer.bytes(field)
  return writer.finish()
}

export function decodeStart(body: Uint8Array): Decoded<AuthenticationStart> {
  if (body.length < FIXED_LENGTH) return refused('lengths-disagree')
  const reader = new Reader(body)
  const [action, privilegeLevel, type, service] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()]
  const lengths = [reader.u8(), reader.u8(), reader.u8(), reader.u8()] as const
  if (lengths.reduce((sum, length) => sum + length, FIXED_LENGTH) !== body.length) {
    return refused('lengths-disagree')
  }
  const [user, port, remoteAddress, data] = [
    reader.bytes(lengths[0]),
    reader.bytes(lengths[1]),
    reader.bytes(lengths[2]),
    reader.bytes(lengths[3]),
  ]
  return { ok: true, value: { action, privilegeLevel, type, service, user, port, remoteAddress, data } }
}
