/**
 * What the API says and hears, as Zod schemas: requests are checked by them, answers are cut down to them (a field that
 * is not named here never leaves the server), and the OpenAPI document is generated from them. Points in time are
 * ISO 8601 in UTC.
 */
export * from './model/acme.ts'
export * from './model/administrators.ts'
export * from './model/authorities.ts'
export * from './model/certificate-requests.ts'
export * from './model/certificates.ts'
export * from './model/challenges.ts'
export * from './model/client-secrets.ts'
export * from './model/clients.ts'
export * from './model/common.ts'
export * from './model/configuration.ts'
export * from './model/connections.ts'
export * from './model/directories.ts'
export * from './model/domain-policy.ts'
export * from './model/gateways.ts'
export * from './model/grants.ts'
export * from './model/macs.ts'
export * from './model/receipts.ts'
export * from './model/server.ts'
export * from './model/sessions.ts'
export * from './model/shield.ts'
export * from './model/source-test.ts'
export * from './model/sources.ts'
export * from './model/upstreams.ts'
export * from './model/users.ts'
