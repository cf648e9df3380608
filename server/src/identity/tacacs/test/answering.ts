import { createServer, type Server, type Socket } from 'node:net'
import { fromUtf8 } from '@sallyport/bytes'
import { encodePacket, encodeReply, HEADER_LENGTH, type Header, openPacket } from '@sallyport/tacacs'
import type { ServerAddress } from '../server-address.ts'

export const SECRET = fromUtf8('a secret of the test')
const NOTHING = new Uint8Array(0)

/** A server that answers each START in one way, good or bad. */
export class AnsweringServer {
  readonly address: ServerAddress
  readonly #laterBody = Promise.withResolvers<Uint8Array>()
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, port: number) {
    this.#server = server
    this.address = { host: '127.0.0.1', port }
  }

  /** @param answer what is sent back, from the header of the START; undefined: nothing */
  static async open(
    answer: (start: Header, socket: Socket) => Uint8Array | undefined,
  ): Promise<AnsweringServer> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('not a TCP port')
    const made = new AnsweringServer(server, bound.port)
    server.on('connection', (socket) => {
      made.#sockets.add(socket)
      let isFirst = true
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Uint8Array) => {
        const opened = openPacket(chunk, SECRET)
        if (!opened.ok) return
        if (!isFirst) made.#laterBody.resolve(opened.value.body)
        else {
          isFirst = false
          const octets = answer(opened.value.header, socket)
          if (octets !== undefined) socket.write(octets)
        }
      })
    })
    return made
  }

  /** Of the first packet after a START. */
  get laterBody(): Promise<Uint8Array> {
    return this.#laterBody.promise
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}

export function reply(
  start: Header,
  status: number,
  {
    message = '',
    secret = SECRET,
    header = {},
  }: { message?: string; secret?: Uint8Array; header?: Partial<Header> } = {},
): Uint8Array {
  const body = encodeReply({ status, flags: 0, serverMessage: fromUtf8(message), data: NOTHING })
  return encodePacket({ ...start, sequence: 2, ...header }, body, secret)
}

/** A header that promises a body of this length. */
export function promise(start: Header, length: number): Uint8Array {
  const packet = encodePacket({ ...start, sequence: 2 }, NOTHING, SECRET).slice(0, HEADER_LENGTH)
  new DataView(packet.buffer).setUint32(8, length)
  return packet
}
