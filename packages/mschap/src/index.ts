/** MS-CHAPv1 and v2 (RFC 2433, 2759), MPPE keys (RFC 3079) and the old primitives they stand on. */
export * from './challenge-response.ts'
export * from './change-password.ts'
export * from './failure-message.ts'
export { md4 } from './md4.ts'
export * from './mppe-keys.ts'
export * from './mschap-v2.ts'
export { hashNtPasswordHash, ntPasswordHash } from './nt-hash.ts'
export { rc4 } from './rc4.ts'
