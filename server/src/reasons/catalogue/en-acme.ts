import type { ACME } from '../acme.ts'
import type { CatalogueEntry } from './en.ts'

const TRY_AGAIN = 'Nothing to do. Clients try again by themselves.'

/** What ACME clients are told. */
export const ACME_EN: Readonly<Record<keyof typeof ACME, CatalogueEntry>> = {
  'acme-request-malformed': {
    title: 'ACME request malformed',
    sentence: 'The request is not one of RFC 8555: {detail}.',
    nextStep: 'Caller: update the ACME client. Administrator: see whether a proxy changes requests.',
  },
  'acme-key-refused': {
    title: 'Account key not taken',
    sentence: 'The account key is not taken: {detail}.',
    nextStep: 'Caller: make an account key of P-256, P-384, Ed25519, or RSA with 2048 to 4096 bits.',
  },
  'acme-signature-refused': {
    title: 'Signature of the request refused',
    sentence: 'The signature of the request is refused: {detail}.',
    nextStep:
      'Caller: sign with the key of the account. If the account was lost or changed its key, register again.',
  },
  'acme-nonce-refused': {
    title: 'Nonce used or too old',
    sentence: 'The nonce of the request was used before, is too old, or is not from this server.',
    nextStep: TRY_AGAIN,
  },
  'acme-url-differs': {
    title: 'Request signed for another address',
    sentence: 'The request is signed for {signed}, but was sent to {asked}.',
    nextStep:
      'Administrator: clients must reach the server as enrolment.httpsUrl says. A proxy must not change the address.',
  },
  'acme-not-served': {
    title: 'No ACME for this template',
    sentence: 'Template {template} gives no certificates by ACME: {detail}.',
    nextStep:
      'Administrator: set enrolment.acme.enabled, and give the template "acme" among its protocols and names: proved. Caller: check the directory address, /acme/TEMPLATE/directory.',
  },
  'acme-account-unknown': {
    title: 'ACME account unknown',
    sentence: 'There is no account with this key or address here.',
    nextStep: 'Caller: register an account at this directory.',
  },
  'acme-account-deactivated': {
    title: 'ACME account deactivated',
    sentence: 'Account {account} is deactivated.',
    nextStep:
      'Caller: register with a new account key. Administrator: make a key with `sallyport acme keys create`.',
  },
  'acme-account-key-taken': {
    title: 'Key of another account',
    sentence: 'Another account has this key.',
    nextStep: 'Caller: make a new key.',
  },
  'acme-contact-refused': {
    title: 'Contact not taken',
    sentence: '{contact} is not a contact of the form mailto:name@example.org.',
    nextStep: 'Caller: give at most ten mail addresses, or none.',
  },
  'acme-terms-not-agreed': {
    title: 'Terms not agreed to',
    sentence: 'An account needs agreement to the terms at {terms}.',
    nextStep: 'Caller: read the terms and agree to them (lego: --accept-tos, certbot: --agree-tos).',
  },
  'acme-external-account-required': {
    title: 'Key of an external account required',
    sentence: 'An account for template {template} needs external account binding.',
    nextStep:
      'Administrator: `sallyport acme keys create --template {template}` prints a key id and a MAC key. Caller: register with both (lego: --eab --kid --hmac; certbot: --eab-kid --eab-hmac-key).',
  },
  'acme-external-account-refused': {
    title: 'Key of an external account refused',
    sentence: 'The external account key {key} is refused: {detail}.',
    nextStep: 'Administrator: a key is for one account and one template. Make a new one where it is used up.',
  },
  'acme-not-yours': {
    title: 'Belongs to another account',
    sentence: 'There is no such {what}, or it belongs to another account.',
    nextStep: 'Caller: use the account that ordered it.',
  },
  'acme-name-refused': {
    title: 'Name not allowed',
    sentence: '{name} cannot be certified: {detail}.',
    nextStep:
      'Administrator: allowed are the allowedNames of the template, narrowed by the names of the external account key.',
  },
  'acme-names-refused': {
    title: 'Names not allowed',
    sentence: '{refused name|names} of the order cannot be certified, so none is.',
    nextStep: 'Caller: see the subproblems, and order without these names.',
  },
  'acme-limit': {
    title: 'Limit reached',
    sentence: 'A limit is reached: {limit}.',
    nextStep: 'Caller: finish or drop what is open, and try again later.',
  },
  'acme-challenge-failed': {
    title: 'Name not proved',
    sentence: '{challenge} for {name} failed: {detail}.',
    nextStep:
      'Caller: answer the challenge where the name leads to, then order again. Administrator: see from this server whether the name resolves and its port can be reached.',
  },
  'acme-attestation-refused': {
    title: 'Attestation of a device refused',
    sentence: 'The attestation of {device} is refused: {detail}.',
    nextStep:
      'Administrator: the roots of the device maker stand in enrolment.acme.attestationRoots, and the profile names the device by its own serial number or UDID.',
  },
  'acme-order-not-ready': {
    title: 'Order not ready',
    sentence: 'The order is {status}, so no certificate can be asked for now.',
    nextStep: 'Caller: prove every name of the order first.',
  },
  'acme-order-expired': {
    title: 'Order expired',
    sentence: 'The order expired at {expiredAt}.',
    nextStep: 'Caller: order again.',
  },
  'acme-request-differs': {
    title: 'Certificate request does not fit the order',
    sentence: 'The certificate request does not fit the order: {detail}.',
    nextStep:
      'Caller: ask for exactly the names of the order, with a fresh key that is not the key of the account.',
  },
  'acme-replaces-refused': {
    title: 'Replaced certificate refused',
    sentence: 'The order cannot replace {certificate}: {detail}.',
    nextStep: 'Caller: order without "replaces", or name the certificate this account holds.',
  },
  'acme-certificate-unknown': {
    title: 'Not a certificate of this CA',
    sentence: 'This server has not issued this certificate.',
    nextStep: 'Caller: send the certificate that came from this server.',
  },
  'acme-certificate-revoked': {
    title: 'Certificate is revoked already',
    sentence: 'Certificate {serial} is revoked already.',
    nextStep: 'Nothing to do.',
  },
  'acme-revocation-reason-refused': {
    title: 'Reason for revocation not taken',
    sentence: 'Reason {number} is not one a holder may revoke for.',
    nextStep: 'Caller: leave the reason out, or give 0, 1, 3, 4, 5 or 9.',
  },
  'acme-failed': {
    title: 'ACME request failed',
    sentence: 'The request could not be carried out now.',
    nextStep: `${TRY_AGAIN} Administrator: the log says what failed.`,
  },
}
