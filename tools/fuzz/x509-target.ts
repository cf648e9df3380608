import { sign } from 'node:crypto'
import {
  type Certificate,
  certificateNames,
  createCertificationRequest,
  decodePem,
  distinguishedName,
  generateKeyPairFor,
  isSigner,
  PkiError,
  parseCertificate,
  parseCertificationRequest,
  parseCrl,
  validatePath,
} from '@sallyport/pki'
import { DOOR_PKI } from '../../server/test/door-pki.ts'
import { alter, mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** Certificates, requests and revocation lists that are not what they were, as leaf, as CA and as CRL of a path. */
export const x509Target: FuzzTarget = { name: 'x509', share: 1 / 8, open: async () => new X509Fuzz() }

const NOW = Date.parse('2026-01-05T09:00:00Z')

class X509Fuzz implements OpenTarget {
  readonly #signer = DOOR_PKI.issuer.privateKey
  readonly #leaf = der('CERTIFICATE', DOOR_PKI.alice.chain)
  readonly #ca = der('CERTIFICATE', DOOR_PKI.authority)
  readonly #anchors: readonly Certificate[] = [parseCertificate(this.#ca)]
  readonly #seeds: readonly Uint8Array[]

  constructor() {
    const crl = DOOR_PKI.trust.authorities.flatMap(({ crls }) => crls.map((pem) => der('X509 CRL', pem)))
    const keys = generateKeyPairFor('p256')
    const request = createCertificationRequest({
      subject: distinguishedName(['C', 'DE'], ['O', 'Example'], ['CN', 'alice']),
      ...keys,
    })
    const impostor = der('CERTIFICATE', DOOR_PKI.impostor.chain)
    this.#seeds = [this.#leaf, this.#leaf, this.#ca, impostor, ...crl, request]
  }

  attempt(random: Random, tell: (input: Uint8Array) => void): string {
    if (random.oneIn(2)) return this.#signed(random, tell)
    const seed = random.pick(this.#seeds)
    const input = random.oneIn(2) ? alter(seed, random) : mutate(seed, random, this.#seeds)
    tell(input)
    if (this.#seeds.some((one) => Buffer.compare(one, input) === 0)) return 'unchanged'
    const verdict = this.#useEverywhere(input)
    if (verdict.ok) throw new Finding('an altered certificate has a valid path')
    return verdict.reason
  }

  /** Altered before a CA signed it: so it is read to its end. Whether it is good is for the rules to say. */
  #signed(random: Random, tell: (input: Uint8Array) => void): string {
    const tbs = alter(tbsOf(random.pick([this.#leaf, this.#ca])), random)
    const signature = isSigner(this.#signer)
      ? this.#signer.sign('sha256', tbs)
      : sign('sha256', tbs, this.#signer)
    const input = sequence(tbs, ECDSA_SHA256, element(0x03, Uint8Array.of(0), signature))
    tell(input)
    const verdict = this.#useEverywhere(input)
    return verdict.ok ? 'signed, valid' : `signed, ${verdict.reason}`
  }

  /** As leaf, as CA, as anchor and as CRL. */
  #useEverywhere(input: Uint8Array) {
    const options = { anchors: this.#anchors, at: NOW, purpose: 'any' } as const
    parses(parseCertificationRequest, input)
    validatePath([this.#leaf, input], options)
    const anchor = parses(parseCertificate, input)
    if (anchor !== undefined) {
      certificateNames(anchor)
      validatePath([this.#leaf], { ...options, anchors: [anchor] })
    }
    const crl = parses(parseCrl, input)
    if (crl !== undefined) validatePath([this.#leaf], { ...options, crls: [crl], revocation: 'required' })
    return validatePath([input, this.#ca], options)
  }

  close(): void {
    const verdict = validatePath([this.#leaf, this.#ca], { anchors: this.#anchors, at: NOW, purpose: 'any' })
    if (!verdict.ok) throw new Finding(`the good path is refused: ${verdict.reason}`)
  }
}

/** Parses or says `malformed`; throws anything else on. */
function parses<T>(parse: (octets: Uint8Array) => T, octets: Uint8Array): T | undefined {
  try {
    return parse(octets)
  } catch (error) {
    if (error instanceof PkiError && error.code === 'malformed') return undefined
    throw error
  }
}

/** ecdsa-with-SHA256 (RFC 5758 section 3.2). */
const ECDSA_SHA256 = Uint8Array.of(0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)

/** The first element inside a certificate, whose own length takes two octets: all ours are that long. */
function tbsOf(certificate: Uint8Array): Uint8Array {
  const length = ((certificate[6] ?? 0) << 8) | (certificate[7] ?? 0)
  return certificate.subarray(4, 8 + length)
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(0x30, ...parts)
}

/** DER with a length of two octets or, for what is shorter, of one (X.690 section 8.1.3). */
function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts)
  const { length } = content
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Uint8Array.from(Buffer.concat([Uint8Array.from(head), content]))
}

function der(label: 'CERTIFICATE' | 'X509 CRL', pem: string): Uint8Array {
  const [first] = decodePem(label, pem)
  if (first === undefined) throw new RangeError(`no ${label} in the PEM text`)
  return first
}
