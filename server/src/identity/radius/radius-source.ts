import type { RadiusSourceConfiguration } from '../../config/schema.ts'
import type { Asked, AuthenticationOutcome, IdentitySource, Proof, ProofForm } from '../source.ts'
import type { RemoteAnswer, UpstreamCheck } from './upstream-check.ts'

/** What another server can check: everything a password proves. */
export const RADIUS_FORMS: ReadonlySet<ProofForm> = new Set(['password', 'chap', 'mschap', 'mschapv2'])

/**
 * Users that other RADIUS servers know (`sources: kind: radius`). A reject cannot tell an unknown user from a wrong
 * password, so it is a wrong password: each later source would grant one more guess, unless `onWrongPassword: next` says
 * that this is meant. It
 * has no `resolve`: the account cannot be looked at without a proof.
 */
export class RadiusSource implements IdentitySource {
  readonly name: string
  readonly kind = 'radius'
  readonly forms = RADIUS_FORMS
  readonly #settings: RadiusSourceConfiguration
  readonly #upstreams: UpstreamCheck

  constructor(settings: RadiusSourceConfiguration, upstreams: UpstreamCheck) {
    this.name = settings.name
    this.#settings = settings
    this.#upstreams = upstreams
  }

  async authenticate(user: string, proof: Proof, { wholeName }: Asked): Promise<AuthenticationOutcome> {
    // The order asks no source about a form it does not have; nobody could be asked about a private key.
    if (proof.form === 'certificate') return { kind: 'form-unsupported', form: proof.form }
    if (proof.form === 'password' && proof.password.length === 0) return { kind: 'empty-password' }
    const { group, userName } = this.#settings
    // Always the name that chose this source: never one that stands only inside the proof.
    const asked = userName === 'whole' ? wholeName : user
    const answer = await this.#upstreams.check(group, asked, proof)
    switch (answer.kind) {
      case 'accept':
        return this.#accepted(user, proof, answer)
      case 'reject':
        return rejected(answer.mschapError)
      case 'unsettled':
        return { kind: 'unavailable', why: answer.why }
    }
  }

  #accepted(
    name: string,
    proof: Proof,
    { upstream, attributes, ntHashHash, mschapv2 }: Extract<RemoteAnswer, { kind: 'accept' }>,
  ): AuthenticationOutcome {
    const user = { id: `${this.name}/${name}`, name, source: this.name, groups: [], attributes }
    const authenticated = { kind: 'authenticated', user, isProvedOnce: true } as const
    if (proof.form === 'mschapv2') {
      // Without them the peer could not tell this server from an impostor.
      if (mschapv2 === undefined)
        return {
          kind: 'unavailable',
          why: `upstream "${upstream}" accepts without MS-CHAP2-Success and MPPE keys`,
        }
      return { ...authenticated, mschapv2 }
    }
    return ntHashHash === undefined ? authenticated : { ...authenticated, ntHashHash }
  }
}

function rejected(mschapError: number | undefined): AuthenticationOutcome {
  switch (mschapError) {
    // RFC 2759 section 6. These are told to those alone whose password was right.
    case 646:
      return { kind: 'outside-logon-hours' }
    case 647:
    case 649:
      return { kind: 'disabled' }
    case 648:
      return { kind: 'must-change-password' }
    default:
      return { kind: 'wrong-password' }
  }
}
