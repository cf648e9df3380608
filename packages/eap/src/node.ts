/** The parts of EAP that need Node's own modules: TLS by node:tls. */
export { NodeTlsEngine } from './node/node-tls-engine.ts'
