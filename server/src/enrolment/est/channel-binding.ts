import { timingSafeEqual } from '@sallyport/bytes'
import { type CertificationRequest, readChallengePassword } from '@sallyport/pki'
import type { EstConfiguration } from '../../config/sections/enrolment/est.ts'
import { type Reason, reason } from '../../reasons/index.ts'

/** What of the TLS connection a request can be bound to. */
export interface EstChannel {
  /** `TLSv1.2`, `TLSv1.3`. */
  readonly protocol: string
  /** First Finished message of the last handshake (RFC 5929 section 3.1); absent: TLS 1.3 has no such thing. */
  readonly tlsUnique?: Uint8Array
}

/**
 * RFC 7030 section 3.5: a challengePassword is the base64 of tls-unique, and whoever made the request then sits at the other
 * end of this very connection. Where it is present it must be right. TLS 1.3 defines no tls-unique (RFC 8446 appendix C.5):
 * what cannot be verified is refused, not passed over.
 */
export function channelFault(
  request: CertificationRequest,
  { protocol, tlsUnique }: EstChannel,
  { channelBinding }: Pick<EstConfiguration, 'channelBinding'>,
): Reason | undefined {
  const said = readChallengePassword(request)
  if (said === undefined) {
    if (channelBinding === 'when-present') return undefined
    return reason('est-channel-binding', { detail: 'the request carries no challengePassword' })
  }
  if (tlsUnique === undefined || tlsUnique.length === 0) {
    const detail = `a challengePassword is tls-unique in EST, and ${protocol} has none: leave it out, or use TLS 1.2`
    return reason('est-channel-binding', { detail })
  }
  const wanted = Buffer.from(tlsUnique).toString('base64')
  if (timingSafeEqual(Buffer.from(said), Buffer.from(wanted))) return undefined
  return reason('est-channel-binding', {
    detail: 'the challengePassword is not tls-unique of this connection',
  })
}
