import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import {
  type AuthenticationReply,
  type AuthenticationStart,
  ContinueFlag,
  decodeReply,
  encodeContinue,
  encodePacket,
  encodeStart,
  type Fault,
  type Header,
  MinorVersion,
  openPacket,
  PacketStream,
  PacketType,
  ReplyStatus,
} from '@sallyport/tacacs'
import type { ServerAddress } from './server-address.ts'

/** No answer of an authentication is longer in practice; RFC 8907 section 4.1 asks for a limit. */
const MOST_REPLY_OCTETS = 8192

export type ServerWord =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail' }
  /** The server does not take this type of login (RFC 8907 section 5.4.3). */
  | { readonly kind: 'restart' }
  /** No word about the user. `isReached`: the server spoke, and is there. */
  | { readonly kind: 'none'; readonly why: string; readonly isReached: boolean }

/**
 * One login at one server: START out, one REPLY in, on a connection of its own (RFC 8907 section 4.3 makes sharing one
 * optional, and many servers do not). PAP and CHAP end with the first REPLY. Never throws for what a server does.
 */
export function exchange(
  server: ServerAddress,
  secret: Uint8Array,
  start: AuthenticationStart,
  timeoutMilliseconds: number,
): Promise<ServerWord> {
  const header: Header = {
    minorVersion: MinorVersion.One,
    type: PacketType.Authentication,
    sequence: 1,
    flags: 0,
    // Section 4.1: nobody must be able to guess it, or answers could be prepared.
    sessionId: randomBytes(4).readUInt32BE(),
  }
  const request = encodePacket(header, encodeStart(start), secret)
  return new Promise((resolve) => {
    const socket = connect({ host: server.host, port: server.port, noDelay: true })
    const stream = new PacketStream(MOST_REPLY_OCTETS)
    let isReached = false
    const end = (word: ServerWord, lastWord?: Uint8Array): void => {
      clearTimeout(timer)
      if (lastWord === undefined) socket.destroy()
      else socket.end(lastWord, () => socket.destroy())
      resolve(word)
    }
    const none = (why: string): void => end({ kind: 'none', why, isReached })
    const timer = setTimeout(() => none(`no answer within ${timeoutMilliseconds} ms`), timeoutMilliseconds)
    socket.on('connect', () => socket.write(request))
    socket.on('error', (error) => none(socketFault(error)))
    socket.on('close', () => none('closed the connection without an answer; does it know our address?'))
    socket.on('data', (chunk: Uint8Array) => {
      isReached = true
      const packet = stream.push(chunk)[0]
      if (packet === undefined) return
      const reply = packet.ok ? replyTo(header, packet.value, secret) : packet.fault
      if (typeof reply === 'string') return none(FAULTS[reply])
      const word = wordOf(reply)
      if (word !== undefined) return end(word)
      const why = `asks for more (status ${reply.status}), which this type of login has not`
      end({ kind: 'none', why, isReached }, abortion(header, secret))
    })
  })
}

type ReplyFault = Fault | 'other-session'

const FAULTS: Readonly<Record<ReplyFault, string>> = {
  truncated: 'sent half an answer',
  'not-tacacs': 'speaks no TACACS+',
  'too-long': `sent an answer of more than ${MOST_REPLY_OCTETS} octets`,
  'lengths-disagree': 'has another shared secret',
  unencrypted: 'answered in the clear; anybody could',
  'other-session': 'answered to something that was not asked',
}

function replyTo(sent: Header, packet: Uint8Array, secret: Uint8Array): AuthenticationReply | ReplyFault {
  const opened = openPacket(packet, secret)
  if (!opened.ok) return opened.fault
  const { type, sequence, sessionId } = opened.value.header
  if (type !== sent.type || sequence !== sent.sequence + 1 || sessionId !== sent.sessionId) {
    return 'other-session'
  }
  const decoded = decodeReply(opened.value.body)
  return decoded.ok ? decoded.value : decoded.fault
}

/** undefined: a status that PAP and CHAP have no place for. */
function wordOf({ status, serverMessage }: AuthenticationReply): ServerWord | undefined {
  switch (status) {
    case ReplyStatus.Pass:
      return { kind: 'pass' }
    // Section 10.5.5: a redirection is a FAIL, for whoever answered could send us and our secret anywhere.
    case ReplyStatus.Fail:
    case ReplyStatus.Follow:
      return { kind: 'fail' }
    case ReplyStatus.Restart:
      return { kind: 'restart' }
    case ReplyStatus.Error:
      return { kind: 'none', why: `reports an error${quoted(serverMessage)}`, isReached: true }
    default:
      return undefined
  }
}

/** Section 5.3: the server is told that nobody will go on. */
function abortion(sent: Header, secret: Uint8Array): Uint8Array {
  const nothing = new Uint8Array(0)
  const body = encodeContinue({ flags: ContinueFlag.Abort, userMessage: nothing, data: nothing })
  return encodePacket({ ...sent, sequence: 3 }, body, secret)
}

function quoted(message: Uint8Array): string {
  const text = Buffer.from(message.subarray(0, 200))
    .toString()
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .trim()
  return text === '' ? '' : `: "${text}"`
}

const SOCKET_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: no TACACS+ server on that port',
  ECONNRESET: 'reset the connection',
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: no route to its network',
  ENOTFOUND: 'has a name that DNS does not know',
  EAI_AGAIN: 'has a name that DNS cannot resolve now',
}

function socketFault(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  return SOCKET_FAULTS[code] ?? error.message
}
