import type { SCEP } from '../scep.ts'
import type { CatalogueEntry } from './en.ts'

/** SCEP (RFC 8894) and the challenges certificates are asked for with. */
export const SCEP_EN: Readonly<Record<keyof typeof SCEP, CatalogueEntry>> = {
  'scep-message-malformed': {
    title: 'SCEP message cannot be read',
    sentence: 'What came is no SCEP message: {detail}.',
    nextStep:
      'Administrator: look at the URL in the client, and whether a proxy on the way changes what is sent. If one device does it again and again, its client is broken.',
  },
  'scep-message-type': {
    title: 'SCEP message type not supported',
    sentence: 'A SCEP message of type {type} came; types 17, 19, 20, 21 and 22 are answered.',
    nextStep:
      'Administrator: no client in ordinary use sends other types. Look where it comes from: somebody may be trying doors.',
  },
  'scep-signature-invalid': {
    title: 'SCEP message is not signed by the key it names',
    sentence: 'The signature of a SCEP message does not hold: {detail}.',
    nextStep:
      'Administrator: look whether a proxy on the way changes messages, and for an update of the client.',
  },
  'scep-algorithm': {
    title: 'SCEP message uses an algorithm that is not allowed',
    sentence: 'A SCEP message was refused: {detail}.',
    nextStep:
      'Administrator: set the client to RSA keys of 2048 bits, AES and SHA-256. Where it cannot, enrolment.scep.allow3des and allowSha1 let old devices in.',
  },
  'scep-content-unreadable': {
    title: 'Content of a SCEP message cannot be read',
    sentence:
      'The envelope of a SCEP message is not for the registration authority, does not open, or holds no request its sender signed.',
    nextStep:
      'Administrator: have the client fetch the CA certificates again: it may still use a former one. The server does not tell the cases apart, so that nobody can learn from its answers.',
  },
  'scep-key-of-another': {
    title: 'SCEP request and message are signed by different keys',
    sentence: 'A request for "{subject}" came in a message that another key signed.',
    nextStep:
      'Administrator: a client without a certificate signs with the key it asks for (RFC 8894 section 2.3). Look for an update of the client.',
  },
  'scep-renewal-foreign': {
    title: 'Renewal by a certificate that is not ours',
    sentence:
      'A renewal came signed with "{subject}" issued by "{issuer}", which is no certificate of this CA.',
    nextStep: 'Administrator: enrol the device anew with a challenge.',
  },
  'scep-transaction-unknown': {
    title: 'No SCEP request of this transaction waits',
    sentence: 'A client asked what became of transaction {transaction}, which it has not begun here.',
    nextStep: 'User: enrol again. Requests that wait are forgotten after 90 days.',
  },
  'scep-certificate-unknown': {
    title: 'SCEP client asked for a certificate or CRL that is not there',
    sentence: 'A client asked for serial number {serial} of "{issuer}", which is not there or not for it.',
    nextStep: 'Administrator: nothing, unless a device does it again and again: then it trusts another CA.',
  },
  'challenge-missing': {
    title: 'Request without a challenge',
    sentence: 'A request for "{subject}" came without a challenge, and without a certificate to renew.',
    nextStep:
      'Administrator: make one with `sallyport challenges create` and give it to the client as its challenge password.',
  },
  'challenge-unknown': {
    title: 'Challenge is wrong',
    sentence: 'The challenge in a request for "{subject}" was never given out, or was deleted.',
    nextStep:
      'User: type the challenge again, or ask for a new one. Administrator: many of these mean that somebody guesses, which is hopeless, or that a device keeps an old profile.',
  },
  'challenge-spent': {
    title: 'Challenge was used before',
    sentence: 'Challenge {id} for {holder} was used[ at {usedAt}] by another request.',
    nextStep:
      'Administrator: make a new one. If the holder has not enrolled, somebody else has: revoke the certificate and look who saw the challenge.',
  },
  'challenge-expired': {
    title: 'Challenge has expired',
    sentence: 'Challenge {id} for {holder} could be used until {expiredAt}.',
    nextStep: 'Administrator: make a new one; --minutes says how long it can be used.',
  },
  'challenge-mismatch': {
    title: 'Request is not what the challenge was given out for',
    sentence: 'The challenge allows {wanted}, the request has {found} ({rule}).',
    nextStep: 'Administrator: make the profile of the client and the challenge say the same.',
  },
  'challenge-rejected': {
    title: 'Challenge refused by its validator',
    sentence: '{validator} does not take the challenge of a request: {rule}[ ({detail})].',
    nextStep:
      'Administrator: the word is the rule of the service. Compare the SCEP profile there (subject, names, key usage, key length) with what the device asks for.',
  },
  'challenge-validator-silent': {
    title: 'Challenge validator does not answer',
    sentence: 'Whether a challenge is one of {validator} could not be found out: {detail}.',
    nextStep:
      'Administrator: look at url, tokenUrl, client and ca in challengeValidators, and at the way there. Devices come again by themselves; nothing is issued meanwhile.',
  },
}
