import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { createEnrolmentApp, HTTP_ROUTES, HTTPS_ROUTES } from './enrolment-app.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

export interface EnrolmentAddresses {
  /** Address to bind: `127.0.0.1`, `::` ... */
  readonly address: string
  /** 0 = any free port. */
  readonly httpsPort: number
  readonly httpPort: number
}

/** The doors certificates are asked for at: HTTPS, and plain HTTP for what needs no TLS. */
export class EnrolmentListener {
  readonly #https: FastifyInstance
  readonly #http: FastifyInstance

  private constructor(https: FastifyInstance, http: FastifyInstance) {
    this.#https = https
    this.#http = http
  }

  /** Throws Node's error with `code` EADDRINUSE, EACCES ... where an address cannot be taken; nothing is left open. */
  static async start(
    services: EnrolmentServices,
    { address, httpsPort, httpPort }: EnrolmentAddresses,
    tls: SecureContextOptions,
  ): Promise<EnrolmentListener> {
    const https = await createEnrolmentApp(services, HTTPS_ROUTES, tls)
    const http = await createEnrolmentApp(services, HTTP_ROUTES)
    const listener = new EnrolmentListener(https, http)
    try {
      await https.listen({ host: address, port: httpsPort })
      await http.listen({ host: address, port: httpPort })
    } catch (error) {
      await listener.close()
      throw error
    }
    return listener
  }

  get httpsPort(): number {
    return (this.#https.server.address() as AddressInfo).port
  }

  get httpPort(): number {
    return (this.#http.server.address() as AddressInfo).port
  }

  /** New connections get this certificate; open ones keep theirs. */
  replaceCertificate(tls: SecureContextOptions): void {
    // Built with TLS in `start`.
    const server = this.#https.server as unknown as Server
    server.setSecureContext(tls)
  }

  async close(): Promise<void> {
    await Promise.all([this.#https.close(), this.#http.close()])
  }
}
