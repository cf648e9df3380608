/**
 * EAP (RFC 3748, RFC 4137): both machines and one folder per method. It knows no RADIUS and no password form; proofs go
 * to a Verifier, TLS engines and randomness are passed in.
 */
export { EapType, methodName, methodType } from './eap-type.ts'
export * from './error.ts'
export type * from './failure.ts'
export type * from './method.ts'
export * from './packet.ts'
export type * from './result.ts'
export { DEFAULT_MTU, type EapAnswer, EapServer, type EapServerOptions } from './server.ts'
export type * from './verifier.ts'
