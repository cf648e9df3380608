import type { KeyType } from '../certificates.ts'

/** What a supplicant and a server agree on; the supplicant leaves no choice, so both servers do the same work. */
export interface EapVariant {
  readonly method: 'EAP-TLS' | 'PEAP'
  readonly tls: 'TLSv1.2' | 'TLSv1.3'
  /** Of the server certificate, and of the client's where there is one. */
  readonly keyType: KeyType
  /** Logins after the first of a supplicant resume its TLS session. */
  readonly resumed?: boolean
}

export function variantName({ method, tls, keyType, resumed }: EapVariant): string {
  const name = `${method === 'PEAP' ? 'eap-peap-mschapv2' : 'eap-tls'}${resumed === true ? ', resumed' : ''}`
  return `${name}, ${tls.slice('TLSv'.length)}, ${keyType === 'rsa' ? 'RSA-2048' : 'ECDSA P-256'}`
}
