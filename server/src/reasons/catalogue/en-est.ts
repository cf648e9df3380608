import type { EST } from '../est.ts'
import type { CatalogueEntry } from './en.ts'

/** Enrolment by password and by EST (RFC 7030). */
export const EST_EN: Readonly<Record<keyof typeof EST, CatalogueEntry>> = {
  'enrolment-guessing': {
    title: 'Too many wrong passwords from one address',
    sentence:
      'A certificate for "{user}" was asked for from {address}, which sent too many wrong passwords. The password was not looked at; the address may try again in {seconds} seconds.',
    nextStep:
      'User: check the password in the client that enrols, then wait. Administrator: if nobody there enrols, somebody guesses: look who has the address. Accounts are not locked by what was held back.',
  },
  'est-request-unreadable': {
    title: 'EST request cannot be read',
    sentence: 'The certificate request cannot be taken: {detail}.',
    nextStep: 'User: send PKCS #10 in base64, as `openssl req -new -outform der | base64` makes it.',
  },
  'est-request-unproved': {
    title: 'EST request without proof of possession',
    sentence: 'The certificate request is not signed by the key it names.',
    nextStep:
      'User: sign the request with its own private key. A request that was changed on the way looks the same.',
  },
  'est-channel-binding': {
    title: 'EST request bound to another connection',
    sentence: 'The certificate request is not bound to this TLS connection (RFC 7030 section 3.5): {detail}.',
    nextStep:
      'User: leave challengePassword out of the request, or write tls-unique of the connection into it (TLS 1.2). One-time challenges are given as the HTTP password, not in the request. Where `enrolment.est.channelBinding` is required, clients must use TLS 1.2.',
  },
  'est-names-differ': {
    title: 'Renewal for other names',
    sentence: 'The renewal asks for {asked}; the certificate it is asked with is for {held}.',
    nextStep:
      'User: make the request with the subject of the certificate that is renewed. Names of an account that changed come into the new certificate by themselves. For another subject enrol anew (simpleenroll).',
  },
  'est-server-key-needs-template': {
    title: 'Server-made key needs a template without approval',
    sentence:
      'A key made by the server is handed out at once and not kept, so it needs a template that asks for no approval[; "{label}" is none].',
    nextStep:
      'User: ask at /.well-known/est/TEMPLATE/serverkeygen for a template with approval none, or make the key on the device and use simpleenroll.',
  },
}
