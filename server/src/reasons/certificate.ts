import type { ReasonDefinition } from './code-table.ts'

const subject = { subject: 'text?' } as const

/** What path validation (RFC 5280 section 6), revocation and the mapping to an account can find in a client certificate. */
export const CERTIFICATE = {
  'certificate-untrusted-ca': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?' },
  },
  'certificate-expired': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', notAfter: 'instant?', now: 'instant?' },
  },
  'certificate-not-yet-valid': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', notBefore: 'instant?', now: 'instant?' },
  },
  'certificate-revoked': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', serial: 'text?', revokedAt: 'instant?', why: 'text?', source: 'text?' },
  },
  'certificate-revocation-unknown': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?', host: 'text?', detail: 'text?' },
  },
  'certificate-revocation-unreachable': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?', host: 'text?', detail: 'text?' },
  },
  'certificate-revocation-stale': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?', host: 'text?', ended: 'instant?', detail: 'text?' },
  },
  'certificate-revocation-unnamed': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?' },
  },
  'certificate-unrecorded': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?', serial: 'text?' },
  },
  'certificate-records-unavailable': {
    area: 'certificate',
    outcome: 'drop',
    values: { subject: 'text?', issuer: 'text?', detail: 'text?' },
  },
  'certificate-ocsp-unknown': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?', host: 'text?' },
  },
  'certificate-responder-untrusted': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?', host: 'text?', detail: 'text?' },
  },
  'certificate-authority-not-for-this': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', authority: 'text', what: 'text', wanted: 'texts', found: 'text?' },
  },
  'certificate-wrong-purpose': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', wanted: 'text?', found: 'texts?' },
  },
  'certificate-chain-incomplete': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?' },
  },
  'certificate-signature-invalid': { area: 'certificate', outcome: 'reject', values: subject },
  'certificate-issuer-not-a-ca': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', issuer: 'text?' },
  },
  'certificate-path-too-long': { area: 'certificate', outcome: 'reject', values: subject },
  'certificate-name-not-permitted': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', name: 'text?' },
  },
  'certificate-policy-not-accepted': { area: 'certificate', outcome: 'reject', values: subject },
  'certificate-critical-extension-unknown': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', extension: 'text?' },
  },
  'certificate-weak': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', detail: 'text?' },
  },
  'certificate-malformed': { area: 'certificate', outcome: 'reject', values: { detail: 'text?' } },
  'certificate-invalid': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', detail: 'text?' },
  },
  /** Its security identifier is that of another account of Active Directory. */
  'certificate-of-other-account': {
    area: 'certificate',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', sid: 'text', accountSid: 'text' },
  },
  /** It names the account, and nothing strong binds it to it. */
  'certificate-mapping-weak': {
    area: 'certificate',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', tried: 'texts?' },
  },
  'certificate-no-mapping': {
    area: 'certificate',
    outcome: 'reject',
    values: { subject: 'text?', tried: 'texts?' },
  },
} as const satisfies Record<string, ReasonDefinition>
