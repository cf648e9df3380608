import type { CertificationRequest } from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { EnrolmentOutcome } from '../registration/registration.ts'
import type { EnrolmentIdentities, Requester } from '../registration/requester.ts'
import { challengeHash, challengeHolder, challengeRequester } from './challenge.ts'
import { challengeMismatch, commonNameOf } from './challenge-check.ts'
import type { ChallengeRecord, ChallengeStore } from './challenge-store.ts'

/** A request that carries a challenge. */
export interface ChallengedRequest {
  /** As the client wrote it; absent or blank: there is none, and that is never enough. */
  readonly challenge: string | undefined
  readonly request: CertificationRequest
  /** PKCS #10, DER. */
  readonly octets: Uint8Array
  /** Of this transaction and key: the same again is a retry. */
  readonly transaction: string
  readonly from: string
}

export type ChallengeAnswer =
  | { readonly kind: 'proved'; readonly requester: Requester }
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Nobody could say: the client may try again, and its challenge still stands for this transaction. */
  | { readonly kind: 'unavailable'; readonly reason: Reason }

/** What says whom a challenge was given to: our own, or an outside service. */
export interface ChallengeProof {
  prove(request: ChallengedRequest): Promise<ChallengeAnswer>
  /** What became of a request it proved. Resolves whatever happens. */
  settle?(request: ChallengedRequest, outcome: EnrolmentOutcome): Promise<void>
}

interface Parts {
  readonly challenges: Pick<Remote<ChallengeStore>, 'find' | 'use'>
  readonly identities: EnrolmentIdentities
  readonly clock: Clock
}

/** Challenges given out here. Found - fitting - account let in - used up: in this order. */
export class OwnChallenges implements ChallengeProof {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async prove({ challenge, request, transaction, from }: ChallengedRequest): Promise<ChallengeAnswer> {
    const subject = commonNameOf(request) ?? ''
    if (challenge === undefined || challenge.trim() === '') {
      return refused(reason('challenge-missing', { subject }))
    }
    const hash = challengeHash(challenge)
    const found = await this.#parts.challenges.find(hash)
    if (found === undefined) return refused(reason('challenge-unknown', { subject }))
    const fault = challengeMismatch(found, request)
    if (fault !== undefined) return refused(fault)
    const account = await this.#account(found)
    if (account.kind !== 'known') return account

    const now = this.#parts.clock.now()
    const use = await this.#parts.challenges.use(hash, transaction, now)
    switch (use.kind) {
      case 'unknown':
        return refused(reason('challenge-unknown', { subject }))
      case 'expired':
        return refused(
          reason('challenge-expired', {
            ...told(use.challenge),
            expiredAt: new Date(use.challenge.expires_at).toISOString(),
          }),
        )
      case 'spent': {
        const { used_at: usedAt } = use.challenge
        const values = usedAt === null ? {} : { usedAt: new Date(usedAt).toISOString() }
        return refused(reason('challenge-spent', { ...told(use.challenge), ...values }))
      }
      case 'used':
      case 'used-before':
        return { kind: 'proved', requester: challengeRequester(use.challenge, account.identity, from) }
    }
  }

  /** The account as it is now: it may have been disabled, or its name given to somebody else, since. */
  async #account({ user_name: name, holder_id: id }: ChallengeRecord) {
    if (name === null || id === null) return { kind: 'known', identity: undefined } as const
    return await this.#parts.identities.byId(id, name)
  }
}

function told(challenge: ChallengeRecord) {
  return { id: challenge.id, holder: challengeHolder(challenge) }
}

function refused(why: Reason): ChallengeAnswer {
  return { kind: 'refused', reason: why }
}
