/**
 * EAP (RFC 3748, RFC 4137): both machines and one folder per method. It knows no RADIUS and no password form; proofs go
 * to a Verifier, TLS engines and randomness are passed in.
 */

export { describeEap } from './describe.ts'
export { EapType, methodName, methodType } from './eap-type.ts'
export * from './error.ts'
export type * from './failure.ts'
export type * from './method.ts'
export { gtcPeer } from './methods/eap-gtc/peer.ts'
export { type GtcServerOptions, gtcServer } from './methods/eap-gtc/server.ts'
export { md5Peer } from './methods/eap-md5/peer.ts'
export { type Md5ServerOptions, md5Server } from './methods/eap-md5/server.ts'
export { type MschapV2PeerOptions, mschapV2Peer } from './methods/eap-mschapv2/peer.ts'
export { type MschapV2ServerOptions, mschapV2Server } from './methods/eap-mschapv2/server.ts'
export { type EapTlsPeerOptions, eapTlsPeer } from './methods/eap-tls/peer.ts'
export { type EapTlsServerOptions, eapTlsServer } from './methods/eap-tls/server.ts'
export { type TtlsPeerOptions, ttlsPeer } from './methods/eap-ttls/peer.ts'
export { type TtlsServerOptions, ttlsServer } from './methods/eap-ttls/server.ts'
export { type PeapPeerOptions, peapPeer } from './methods/peap/peer.ts'
export { type PeapServerOptions, peapServer } from './methods/peap/server.ts'
export * from './packet.ts'
export * from './peer.ts'
export type * from './peer-method.ts'
export type * from './result.ts'
export { DEFAULT_MTU, type EapAnswer, EapServer, type EapServerOptions, type EapStanding } from './server.ts'
export type * from './tls/engine.ts'
export type { PeerTlsOptions } from './tls/peer-channel.ts'
export {
  type RememberedConversation,
  ResumptionStore,
  type ResumptionStoreOptions,
} from './tls/resumption-store.ts'
export type { TlsStanding } from './tls/server-channel.ts'
export type { InnerEap, TunnelServerOptions } from './tls/tunnel-server.ts'
export type * from './verifier.ts'
