import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { LdapError, MessageFramer } from '@sallyport/ldap'
import { bindResponse, searchDone, searchEntry } from './wire.ts'

/** A question as a script sees it. */
export interface Asked {
  readonly socket: Socket
  readonly id: number
  readonly kind: 'bind' | 'search' | 'extended' | 'unbind' | 'abandon' | 'other'
  /** The whole message. */
  readonly octets: Uint8Array
}

export interface Script {
  connected?(socket: Socket): void
  /** True: answered (or left) by the script; otherwise the server is honest. */
  asked?(question: Asked): boolean
}

const KINDS: Readonly<Record<number, Asked['kind']>> = {
  96: 'bind',
  99: 'search',
  119: 'extended',
  66: 'unbind',
  80: 'abandon',
}

/** An LDAP server in this process that does what a test wants. Honest, it takes every bind and knows one user, ada. */
export class ScriptedServer implements AsyncDisposable {
  readonly asked: Asked[] = []
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #scheme: 'ldap' | 'ldaps'

  private constructor(script: Script, tls?: TlsOptions) {
    this.#scheme = tls === undefined ? 'ldap' : 'ldaps'
    const serve = (socket: Socket): void => this.#serve(socket, script)
    this.#server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  }

  static async start(script: Script = {}, tls?: TlsOptions): Promise<ScriptedServer> {
    const server = new ScriptedServer(script, tls)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get open(): number {
    return this.#sockets.size
  }

  count(kind: Asked['kind']): number {
    return this.asked.filter((question) => question.kind === kind).length
  }

  /** Drops who is connected; new ones may come. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #serve(socket: Socket, script: Script): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => undefined)
    script.connected?.(socket)
    const framer = new MessageFramer(1 << 20)
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const octets of framer.push(chunk)) this.#hear(read(socket, octets), script)
      } catch (error) {
        if (!(error instanceof LdapError)) throw error
        socket.destroy()
      }
    })
  }

  #hear(question: Asked, script: Script): void {
    this.asked.push(question)
    if (script.asked?.(question) !== true) answerHonestly(question)
  }
}

export function answerHonestly({ socket, id, kind, octets }: Asked): void {
  if (kind === 'bind') socket.write(bindResponse(id, 0))
  if (kind !== 'search') return
  const isAda = Buffer.from(octets).includes('ada')
  if (isAda && !Buffer.from(octets).includes('member'.concat('Uid', '\x04\x03ada')))
    socket.write(searchEntry(id, 'uid=ada,dc=test', { uid: ['ada'], entryUUID: ['1'] }))
  socket.write(searchDone(id))
}

function read(socket: Socket, octets: Uint8Array): Asked {
  // 30 len 02 len id tag: both lengths in any form.
  const long = (octets[1] as number) >= 0x80 ? (octets[1] as number) & 0x7f : 0
  const at = 2 + long
  const idLength = octets[at + 1] as number
  let id = 0
  for (let i = 0; i < idLength; i++) id = (id << 8) | (octets[at + 2 + i] as number)
  return { socket, id, kind: KINDS[octets[at + 2 + idLength] as number] ?? 'other', octets }
}
