import { hash } from 'node:crypto'
import { timingSafeEqual, toUtf8 } from '@sallyport/bytes'
import { ntPasswordHash, verifyMschapV1, verifyMschapV2 } from '@sallyport/mschap'
import type { PasswordStorage } from '../../config/schema.ts'
import { matchesArgon2id } from '../../kernel/argon2id.ts'
import type { MaybePromise, Proof, ProofForm } from '../source.ts'
import { normalizedPassword } from './password.ts'
import type { Verifier } from './verifier.ts'
import type { WorkLimit } from './work-limit.ts'

/** A proof that rests on a password. */
export type PasswordProof = Exclude<Proof, { readonly form: 'certificate' }>

export type Checked =
  | { readonly kind: 'right'; readonly ntHashHash?: Uint8Array; readonly hashedUserName?: string }
  | { readonly kind: 'wrong' }
  /** Too many slow checks are under way. */
  | { readonly kind: 'busy' }

const WRONG: Checked = { kind: 'wrong' }
const RIGHT: Checked = { kind: 'right' }

/** Which proofs a stored form can check: the one table that sources, configuration checks and documentation share. */
export const FORMS_OF_STORAGE: Readonly<Record<PasswordStorage, ReadonlySet<ProofForm>>> = {
  reversible: new Set(['password', 'chap', 'mschap', 'mschapv2', 'certificate']),
  'nt-hash': new Set(['password', 'mschap', 'mschapv2', 'certificate']),
  argon2id: new Set(['password', 'certificate']),
}

/** Checks one proof; the caller has made sure that the storage can. Only argon2id takes a promise. */
export function checkProof(verifier: Verifier, proof: PasswordProof, slow: WorkLimit): MaybePromise<Checked> {
  switch (proof.form) {
    case 'password':
      return checkPassword(verifier, proof.password, slow)
    case 'chap':
      return verifier.storage === 'reversible' && checkChap(verifier.clear, proof) ? RIGHT : WRONG
    case 'mschap':
      if (verifier.storage === 'argon2id' || !verifyMschapV1(verifier.nt.ntHash, proof)) return WRONG
      return { kind: 'right', ntHashHash: verifier.nt.ntHashHash }
    case 'mschapv2': {
      if (verifier.storage === 'argon2id') return WRONG
      const hashedUserName = verifyMschapV2(verifier.nt.ntHash, proof)
      if (hashedUserName === undefined) return WRONG
      return { kind: 'right', ntHashHash: verifier.nt.ntHashHash, hashedUserName }
    }
  }
}

function checkPassword(verifier: Verifier, password: Uint8Array, slow: WorkLimit): MaybePromise<Checked> {
  const normalized = normalizedOctets(password)
  switch (verifier.storage) {
    case 'reversible':
      return sameSecret(normalized, verifier.clear) ? RIGHT : WRONG
    case 'nt-hash': {
      const text = toUtf8(normalized)
      if (text === undefined) return WRONG
      return timingSafeEqual(ntPasswordHash(text), verifier.nt.ntHash) ? RIGHT : WRONG
    }
    case 'argon2id':
      return (
        slow.run(async () => ((await matchesArgon2id(normalized, verifier.hash)) ? RIGHT : WRONG)) ?? {
          kind: 'busy',
        }
      )
  }
}

/** Compares without telling the length of the stored secret by time. */
function sameSecret(given: Uint8Array, stored: Uint8Array): boolean {
  const padded = new Uint8Array(stored.length)
  padded.set(given.subarray(0, stored.length))
  return timingSafeEqual(padded, stored) && given.length === stored.length
}

/** ASCII is in NFC already; anything else is decoded once. What is no UTF-8 stays as it is, and matches nothing. */
function normalizedOctets(password: Uint8Array): Uint8Array {
  if (!password.some((octet) => octet >= 0x80)) return password
  const text = toUtf8(password)
  return text === undefined ? password : Buffer.from(normalizedPassword(text))
}

/** RFC 1994 section 4.1: MD5 over identifier, secret and challenge. */
function checkChap(clear: Uint8Array, proof: Extract<Proof, { form: 'chap' }>): boolean {
  const octets = Buffer.concat([Uint8Array.of(proof.id), clear, proof.challenge])
  return timingSafeEqual(hash('md5', octets, 'buffer'), proof.response)
}
