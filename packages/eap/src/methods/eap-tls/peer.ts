import { EapType } from '../../eap-type.ts'
import type { EapPeerMethod, EapPeerMethodFactory, PeerMethodContext, PeerStep } from '../../peer-method.ts'
import type { EapKeys } from '../../result.ts'
import type { TlsCertificate } from '../../tls/engine.ts'
import { PeerChannel, type PeerTlsOptions } from '../../tls/peer-channel.ts'

export interface EapTlsPeerOptions extends PeerTlsOptions {
  readonly certificate: TlsCertificate
}

/** EAP-TLS, peer side (RFC 5216, RFC 9190). */
export function eapTlsPeer(options: EapTlsPeerOptions): EapPeerMethodFactory {
  return (context) => new EapTlsPeer(options, context)
}

class EapTlsPeer implements EapPeerMethod {
  readonly type = EapType.Tls
  readonly #channel: PeerChannel
  #keys: EapKeys | undefined

  constructor(options: EapTlsPeerOptions, context: PeerMethodContext) {
    this.#channel = new PeerChannel(options, EapType.Tls, context.mtu)
  }

  async respond(data: Uint8Array): Promise<PeerStep> {
    const event = await this.#channel.receive(data)
    switch (event.kind) {
      case 'step':
        return event.step
      case 'opened':
        this.#keys = this.#channel.keys()
        // TLS 1.2 is decided with the server's Finished; in TLS 1.3 the server has not yet taken our certificate.
        return this.#channel.acknowledge(event.facts.version === 'TLSv1.2' ? 'success' : 'fail')
      case 'data':
        return this.#takeCommitment(event.data)
    }
  }

  keys(): EapKeys | undefined {
    return this.#keys
  }

  close(): void {
    this.#channel.close()
  }

  /** RFC 9190 section 2.5: the server says with one octet 0x00 that it will send nothing but EAP-Success. */
  #takeCommitment(data: Uint8Array): PeerStep {
    const committed = data.length === 1 && data[0] === 0 && this.#keys !== undefined
    return committed
      ? this.#channel.acknowledge('success')
      : { kind: 'fail', reason: { code: 'unexpected-packet', detail: { what: 'no commitment' } } }
  }
}
