import type { ChallengeValidatorConfiguration } from '../../config/sections/challenge-validators.ts'
import { reason } from '../../reasons/index.ts'
import type { EnrolmentOutcome } from '../registration/registration.ts'
import type { ChallengeAnswer, ChallengedRequest, ChallengeProof } from './challenge-proof.ts'

interface Parts {
  readonly own: ChallengeProof
  /** `enrolment.scep.challengeValidation`. */
  readonly chosen: () => string
  readonly validators: () => readonly ChallengeValidatorConfiguration[]
  readonly outside: (settings: ChallengeValidatorConfiguration) => ChallengeProof
}

/** Whoever the configuration says judges challenges now. A validator that is not there is asked in vain: nothing is issued. */
export class ChosenChallenges implements ChallengeProof {
  readonly #parts: Parts
  /** Of the settings it was made by: a token and its connections last as long as they do. */
  #outside: { readonly settings: ChallengeValidatorConfiguration; readonly proof: ChallengeProof } | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async prove(request: ChallengedRequest): Promise<ChallengeAnswer> {
    const proof = this.#proof()
    if (proof !== undefined) return await proof.prove(request)
    const validator = this.#parts.chosen()
    const why = reason('challenge-validator-silent', { validator, detail: 'it is not configured' })
    return { kind: 'unavailable', reason: why }
  }

  async settle(request: ChallengedRequest, outcome: EnrolmentOutcome): Promise<void> {
    await this.#proof()?.settle?.(request, outcome)
  }

  #proof(): ChallengeProof | undefined {
    const { own, chosen, validators, outside } = this.#parts
    const name = chosen()
    if (name === 'own') return own
    const settings = validators().find((one) => one.name === name)
    if (settings === undefined) return undefined
    if (this.#outside?.settings !== settings) this.#outside = { settings, proof: outside(settings) }
    return this.#outside.proof
  }
}
