import { generateKeyPairFor, type KeyAlgorithm, type KeyPair } from '@sallyport/pki'
import { usageError } from '../cli-error.ts'

export const KEY_KINDS = ['p256', 'p384', 'rsa2048', 'rsa3072'] as const satisfies KeyAlgorithm[]
export type KeyKind = (typeof KEY_KINDS)[number]

export function readKeyKind(text: string): KeyKind {
  const kind = KEY_KINDS.find((known) => known === text)
  if (kind === undefined) throw usageError(`--key takes one of ${KEY_KINDS.join(', ')}, not "${text}".`)
  return kind
}

export function newKey(kind: KeyKind): KeyPair & { readonly pem: string } {
  const pair = generateKeyPairFor(kind)
  // PKCS #8 in PEM is always text.
  return { ...pair, pem: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string }
}
