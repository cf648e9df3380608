import type { AddressInfo } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { isLoopback } from '../../kernel/loopback.ts'
import { type Api, createApi } from './api.ts'
import type { Services } from './services.ts'

export interface HttpsListenerOptions {
  /** PEM certificate chain and key. */
  readonly tls: SecureContextOptions
  /** Address to bind: `127.0.0.1`, `::` ... */
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
}

/** The HTTPS API on its socket. */
export class HttpsListener {
  readonly #api: Api

  private constructor(api: Api) {
    this.#api = api
  }

  /** Throws Node's error with `code` EADDRINUSE, EACCES ... where the address cannot be taken; nothing is left open. */
  static async start(services: Services, options: HttpsListenerOptions): Promise<HttpsListener> {
    const api = await createApi(services, { tls: options.tls, openMetrics: isLoopback(options.host) })
    try {
      await api.listen({ host: options.host, port: options.port })
    } catch (error) {
      await api.close()
      throw error
    }
    return new HttpsListener(api)
  }

  get address(): AddressInfo {
    // A listening TCP server has an address and no path.
    return this.#api.server.address() as AddressInfo
  }

  /** New connections get this certificate; open ones keep theirs. */
  replaceCertificate(tls: SecureContextOptions): void {
    this.#api.server.setSecureContext(tls)
  }

  async close(): Promise<void> {
    await this.#api.close()
  }
}
