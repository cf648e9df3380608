import type { ReasonDefinition } from './code-table.ts'

/** Why an ACME client was refused (RFC 8555 section 6.7). */
export const ACME = {
  'acme-request-malformed': { area: 'certificate', outcome: 'reject', values: { detail: 'text' } },
  'acme-key-refused': { area: 'certificate', outcome: 'reject', values: { detail: 'text' } },
  'acme-signature-refused': { area: 'certificate', outcome: 'reject', values: { detail: 'text' } },
  'acme-nonce-refused': { area: 'certificate', outcome: 'reject', values: {} },
  'acme-url-differs': { area: 'certificate', outcome: 'reject', values: { signed: 'text', asked: 'text' } },
  'acme-not-served': { area: 'certificate', outcome: 'reject', values: { template: 'text', detail: 'text' } },
  'acme-account-unknown': { area: 'certificate', outcome: 'reject', values: {} },
  'acme-account-deactivated': { area: 'certificate', outcome: 'reject', values: { account: 'text' } },
  'acme-account-key-taken': { area: 'certificate', outcome: 'reject', values: {} },
  'acme-contact-refused': { area: 'certificate', outcome: 'reject', values: { contact: 'text' } },
  'acme-terms-not-agreed': { area: 'certificate', outcome: 'reject', values: { terms: 'text' } },
  'acme-external-account-required': {
    area: 'certificate',
    outcome: 'reject',
    values: { template: 'text' },
  },
  'acme-external-account-refused': {
    area: 'certificate',
    outcome: 'reject',
    values: { key: 'text', detail: 'text' },
  },
  'acme-not-yours': { area: 'certificate', outcome: 'reject', values: { what: 'text' } },
  'acme-name-refused': { area: 'certificate', outcome: 'reject', values: { name: 'text', detail: 'text' } },
  'acme-names-refused': { area: 'certificate', outcome: 'reject', values: { refused: 'number' } },
  'acme-limit': { area: 'certificate', outcome: 'reject', values: { limit: 'text' } },
  'acme-challenge-failed': {
    area: 'certificate',
    outcome: 'reject',
    values: { name: 'text', challenge: 'text', detail: 'text' },
  },
  'acme-attestation-refused': {
    area: 'certificate',
    outcome: 'reject',
    values: { device: 'text', detail: 'text' },
  },
  'acme-order-not-ready': { area: 'certificate', outcome: 'reject', values: { status: 'text' } },
  'acme-order-expired': { area: 'certificate', outcome: 'reject', values: { expiredAt: 'instant' } },
  'acme-request-differs': { area: 'certificate', outcome: 'reject', values: { detail: 'text' } },
  'acme-replaces-refused': {
    area: 'certificate',
    outcome: 'reject',
    values: { certificate: 'text', detail: 'text' },
  },
  'acme-certificate-unknown': { area: 'certificate', outcome: 'reject', values: {} },
  'acme-certificate-revoked': { area: 'certificate', outcome: 'reject', values: { serial: 'text' } },
  'acme-revocation-reason-refused': {
    area: 'certificate',
    outcome: 'reject',
    values: { number: 'text' },
  },
  'acme-failed': { area: 'certificate', outcome: 'error', values: {} },
} as const satisfies Record<string, ReasonDefinition>
