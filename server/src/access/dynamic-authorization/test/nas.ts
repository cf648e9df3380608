import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import {
  type Attribute,
  describeAttributes,
  encodeReply,
  inspect,
  type PacketView,
  Secret,
  verify,
} from '@sallyport/radius'
import { DICTIONARY } from '../../readable-attributes.ts'

/** What a played NAS answers; undefined: nothing. `raw` octets go out as they are. */
export type PlayedAnswer =
  | { readonly code: number; readonly attributes?: readonly Attribute[]; readonly secret?: string }
  | undefined

/** A device as UDP socket: keeps every datagram, checks its signature, answers what it is told to. */
export class PlayedNas implements AsyncDisposable {
  readonly datagrams: Uint8Array[] = []
  readonly packets: PacketView[] = []
  readonly #socket: Socket
  readonly port: number

  private constructor(
    socket: Socket,
    secret: Secret,
    answer: (packet: PacketView, count: number) => PlayedAnswer,
  ) {
    this.#socket = socket
    this.port = socket.address().port
    socket.on('message', (octets, remote) => {
      const inspected = inspect(octets)
      if (!inspected.ok) throw new Error(`malformed: ${inspected.reason}`)
      const { packet } = inspected
      this.datagrams.push(octets)
      if (!verify(packet, [secret], { requireMessageAuthenticator: false }).ok) return
      this.packets.push(packet)
      const said = answer(packet, this.packets.length)
      if (said === undefined) return
      const key = said.secret === undefined ? secret : new Secret(said.secret)
      const { code, attributes = [] } = said
      socket.send(
        encodeReply({ code, request: packet, secret: key, attributes }),
        remote.port,
        remote.address,
      )
    })
  }

  static async start(
    secret: string,
    answer: (packet: PacketView, count: number) => PlayedAnswer,
    address = '127.0.0.1',
  ): Promise<PlayedNas> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    socket.bind(0, address)
    await once(socket, 'listening')
    return new PlayedNas(socket, new Secret(secret), answer)
  }

  /** `Name=value` of every attribute of the last verified packet, without what changes from run to run. */
  get lastSaid(): string[] {
    const packet = this.packets.at(-1)
    if (packet === undefined) return []
    return describeAttributes(packet, DICTIONARY)
      .filter(({ name }) => name !== 'Event-Timestamp' && name !== 'Message-Authenticator')
      .map((each) => `${each.name}=${each.secret ? '' : each.text}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
  }
}
