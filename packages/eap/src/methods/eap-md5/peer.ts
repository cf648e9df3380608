import { hash } from 'node:crypto'
import { concat, fromUtf8 } from '@sallyport/bytes'
import { EapType } from '../../eap-type.ts'
import type { EapPeerMethod, EapPeerMethodFactory, PeerStep } from '../../peer-method.ts'
import { parseMd5Value } from './value.ts'

/** EAP-MD5-Challenge, peer side (RFC 3748 section 5.4). */
export function md5Peer(credentials: { readonly password: string }): EapPeerMethodFactory {
  return ({ identity }) => new Md5Peer(identity, credentials.password)
}

class Md5Peer implements EapPeerMethod {
  readonly type = EapType.Md5Challenge
  readonly #identity: string
  readonly #password: string

  constructor(identity: string, password: string) {
    this.#identity = identity
    this.#password = password
  }

  respond(data: Uint8Array, identifier: number): PeerStep {
    const challenge = parseMd5Value(data)
    if (challenge === undefined) {
      return { kind: 'ignore', reason: { code: 'malformed-packet', detail: { what: 'md5-challenge' } } }
    }
    const secret = concat(Uint8Array.of(identifier), fromUtf8(this.#password), challenge)
    const response = concat(Uint8Array.of(16), hash('md5', secret, 'buffer'), fromUtf8(this.#identity))
    secret.fill(0)
    // The server proves nothing to us, so its word is all there is.
    return { kind: 'send', data: response, decision: 'success' }
  }

  close(): void {}
}
