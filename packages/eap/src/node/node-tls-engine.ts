import { AsyncLocalStorage } from 'node:async_hooks'
import { constants, createHash, randomBytes } from 'node:crypto'
import tls from 'node:tls'
import type { TlsClientOptions, TlsEngine, TlsServer, TlsServerOptions, TlsSession } from '../tls/engine.ts'
import { NodeTlsSession } from './node-tls-session.ts'

/**
 * Forward secrecy alone, ECDSA first: it costs a tenth of RSA. CBC comes last: Windows 8.1 has no other with an RSA
 * certificate.
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-RSA-AES128-SHA',
].join(':')

/** TLS by node:tls, that is by OpenSSL. One engine is enough for a process. */
export class NodeTlsEngine implements TlsEngine {
  /** Shared by all servers, so that tickets outlive a change of configuration; the session context keeps them apart. */
  readonly #ticketKeys = randomBytes(48)

  server(options: TlsServerOptions): TlsServer {
    return new NodeTlsServer(options, this.#ticketKeys)
  }

  client(options: TlsClientOptions): TlsSession {
    return connect(options)
  }
}

/**
 * A tls.Server that never listens: each conversation is injected by the 'connection' event, which is the documented way
 * to have OpenSSL's verdict on the client certificate, and the TLS 1.2 session cache.
 */
class NodeTlsServer implements TlsServer {
  readonly context: string
  readonly #server: tls.Server
  /** Events name the socket, not the stream it runs over; the asynchronous context names the conversation. */
  readonly #current = new AsyncLocalStorage<NodeTlsSession>()

  constructor(options: TlsServerOptions, ticketKeys: Buffer) {
    this.context = sessionContext(options)
    const { findSession } = options
    this.#server = tls.createServer({
      key: options.certificates.map(({ key }) => key),
      cert: options.certificates.map(({ chain }) => chain),
      // Always given: without it Node would trust the public web's CAs.
      ca: [...(options.clientAuthorities ?? [])],
      allowPartialTrustChain: true,
      requestCert: options.clientAuthorities !== undefined,
      // The verdict is taken, with ours, by the method: it owes the peer an EAP answer and the administrator a reason.
      rejectUnauthorized: false,
      minVersion: options.minVersion ?? 'TLSv1.2',
      maxVersion: options.maxVersion ?? 'TLSv1.3',
      ciphers: CIPHERS,
      honorCipherOrder: true,
      secureOptions:
        constants.SSL_OP_NO_RENEGOTIATION |
        (options.resumption === 'tickets' ? 0 : constants.SSL_OP_NO_TICKET),
      sessionIdContext: this.context,
      sessionTimeout: options.sessionLifetimeSeconds,
      ticketKeys,
    })
    this.#server.on('secureConnection', (socket) => {
      const session = this.#current.getStore()
      if (session === undefined) {
        socket.destroy()
        return
      }
      session.attach(socket)
      session.opened(socket.authorized ? undefined : String(socket.authorizationError ?? 'UNKNOWN'))
    })
    this.#server.on('tlsClientError', (error) => this.#current.getStore()?.failed(error))
    if (options.resumption !== 'none' && findSession !== undefined) {
      this.#server.on('newSession', (id, session, done) => {
        this.#current.getStore()?.keep({ id, session })
        done()
      })
      this.#server.on('resumeSession', (id, done) => {
        const session = findSession(id)
        if (session === undefined) {
          done(null)
          return
        }
        this.#current.getStore()?.found(id)
        done(null, Buffer.from(session))
      })
    }
  }

  accept(): TlsSession {
    const session = new NodeTlsSession()
    this.#current.run(session, () => this.#server.emit('connection', session.wire))
    return session
  }
}

/** Purpose, own certificates and trusted CAs in 32 characters, which is all that OpenSSL takes. */
function sessionContext(options: TlsServerOptions): string {
  const parts = [
    options.purpose,
    ...options.certificates.map(({ chain }) => chain),
    'trusted',
    ...(options.clientAuthorities ?? []),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

function connect(options: TlsClientOptions): TlsSession {
  const session = new NodeTlsSession()
  const { certificate, serverName } = options
  const socket = tls.connect({
    socket: session.wire,
    ca: [...options.authorities],
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, peer) =>
      serverName === false ? undefined : tls.checkServerIdentity(serverName, peer),
    minVersion: options.minVersion ?? 'TLSv1.2',
    maxVersion: options.maxVersion ?? 'TLSv1.3',
    ...(certificate === undefined ? {} : { cert: certificate.chain, key: certificate.key }),
    ...(options.session === undefined ? {} : { session: Buffer.from(options.session) }),
  })
  session.attach(socket)
  socket.on('secureConnect', () => session.opened(undefined))
  socket.on('session', (ticket) => session.keep({ id: new Uint8Array(0), session: ticket }))
  return session
}
