/**
 * Packets of TACACS+ authentication (RFC 8907), for both ends. No sockets and no decisions; what a peer sent never throws.
 */
export {
  Action,
  AuthenticationType,
  ContinueFlag,
  HeaderFlag,
  MinorVersion,
  PacketType,
  PrivilegeLevel,
  ReplyStatus,
  Service,
} from './codes.ts'
export { type AuthenticationContinue, decodeContinue, encodeContinue } from './continue.ts'
export type { Decoded, Fault } from './fault.ts'
export { decodeHeader, HEADER_LENGTH, type Header } from './header.ts'
export { obfuscate } from './obfuscation.ts'
export { encodePacket, type OpenedPacket, openPacket } from './packet.ts'
export { PacketStream } from './packet-stream.ts'
export { type AuthenticationReply, decodeReply, encodeReply } from './reply.ts'
export {
  type AuthenticationStart,
  chapStart,
  decodeStart,
  encodeStart,
  type Login,
  MOST_FIELD_OCTETS,
  papStart,
} from './start.ts'
