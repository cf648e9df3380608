import type { EapStanding, TlsStanding } from '@sallyport/eap'
import { type Reason, reason } from '../../reasons/index.ts'
import type { PresentedCertificate } from '../served.ts'

/** What is known of a login that nobody went on with. */
export interface Abandoned {
  readonly client: string
  /** The outer identity. */
  readonly user: string | undefined
  /** Since it began. */
  readonly seconds: number
  /** Framed-MTU of the last request. */
  readonly framedMtu: number | undefined
  /** `sent`: octets of our last EAP packet; `repeats`: how often the RADIUS client asked for it again. */
  readonly standing: EapStanding & { readonly sent: number; readonly repeats: number }
  readonly presented: PresentedCertificate | undefined
}

/**
 * Why a device fell silent, as far as what it acknowledged tells. A RADIUS client that asks again has not got our answer. A
 * device acknowledges a fragment before it can read the certificate in it, so a missing acknowledgement is a lost fragment;
 * one that took all fragments but the last got the large ones. A certificate in one piece leaves both open.
 */
export function abandonedReason(abandoned: Abandoned): Reason {
  const { standing, client, user, seconds, framedMtu, presented } = abandoned
  const { tls, method, repeats, sent } = standing
  if (repeats > 0) return reason('answer-lost', { client, user, method, repeats, octets: sent })
  if (tls === undefined || tls.at !== 'handshake' || tls.receivedOctets > 0) {
    return reason('conversation-abandoned', { client, user, method, seconds, step: stepOf(standing) })
  }
  const { acknowledged, fragments, octets, fragmentOctets } = tls
  const shown = { serverName: presented?.serverName, issuer: presented?.issuer }
  if (acknowledged + 1 < fragments) {
    const progress = { acknowledged, fragments, octets: fragmentOctets }
    return reason('eap-fragment-lost', { client, user, seconds, framedMtu, ...progress, ...shown })
  }
  return fragments > 1
    ? reason('server-certificate-unanswered', { client, user, seconds, fragments, octets, ...shown })
    : reason('no-answer-to-certificate', { client, user, seconds, octets, framedMtu, ...shown })
}

/** In the past tense, of the device. */
export function stepOf({ at, method, tls }: EapStanding): string {
  switch (at) {
    case 'identity':
      return 'it was asked who it is'
    case 'proposed':
      return `it was offered ${method ?? 'a method'} and neither began nor refused it`
    case 'end':
      return 'it was told that the login failed'
    case 'method':
      return tls === undefined ? `in the middle of ${method ?? 'a method'}` : tlsStepOf(tls)
  }
}

function tlsStepOf({ at, receivedOctets }: TlsStanding): string {
  if (receivedOctets > 0) return `it was sending its own certificate, and ${receivedOctets} octets had come`
  return at === 'start'
    ? 'it took the method and did not begin TLS'
    : 'it had accepted our certificate, and the secure channel was open'
}
