import { ipOctets, PkiError } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { render } from '../../reasons/index.ts'
import { isAllowedName } from '../registration/allowed-names.ts'
import type { EnrolmentIdentities, EnrolmentIdentity } from '../registration/requester.ts'
import { holderFault } from '../registration/template-access.ts'
import { challengeHash, newChallenge } from './challenge.ts'
import type { ChallengeRecord, ChallengeStore } from './challenge-store.ts'

export interface ChallengeWish {
  readonly template: string
  /** Name with its realm; exactly one of `user` and `deviceId`. */
  readonly user?: string
  readonly deviceId?: string
  /** The common name the request must have. */
  readonly subject?: string
  readonly dns: readonly string[]
  readonly ip: readonly string[]
  readonly minimumRsaBits?: number
  readonly minutes?: number
}

export interface MadeChallenge {
  readonly record: ChallengeRecord
  /** Shown this once. */
  readonly challenge: string
}

interface Parts {
  readonly challenges: Remote<ChallengeStore>
  readonly identities: EnrolmentIdentities
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  /** How long one can be used, unless said otherwise. */
  readonly minutes: () => number
  readonly clock: Clock
}

/** Unused ones at the same time: more than any roll-out needs, less than what fills a database. */
const MOST_OPEN = 100_000

/** Gives out challenges: to an administrator, or to an MDM server by the API. */
export class Challenges {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @param by who asked for it
   * @throws RequestError 'challenge-invalid', 'enrolment-holder-unfit', 'user-not-found', 'source-unavailable', 'too-many-challenges'
   */
  async create(wish: ChallengeWish, by: string): Promise<MadeChallenge> {
    const { challenges, clock, minutes } = this.#parts
    const template = this.#template(wish)
    checkNames(wish, template)
    const identity = wish.user === undefined ? undefined : await this.#account(wish.user)
    // Known now, so not left for the device to find out.
    const unfit = holderFault(template, { identity, deviceId: wish.deviceId })
    if (unfit !== undefined) {
      const { sentence, nextStep } = render(unfit)
      throw new RequestError(unfit.code, sentence, { ...unfit.values, nextStep })
    }
    const now = clock.now()
    if ((await challenges.open(now)) >= MOST_OPEN) {
      throw new RequestError('too-many-challenges', `${MOST_OPEN} challenges are unused already.`)
    }
    const challenge = newChallenge()
    const row = {
      hash: challengeHash(challenge),
      template: template.name,
      user_name: identity?.name ?? null,
      holder_id: identity?.id ?? null,
      device_id: wish.deviceId ?? null,
      subject: wish.subject ?? null,
      names: JSON.stringify({ dns: wish.dns, ip: wish.ip }),
      minimum_rsa_bits: wish.minimumRsaBits ?? null,
      created_at: now,
      created_by: by,
      expires_at: now + (wish.minutes ?? minutes()) * 60_000,
    }
    const id = await challenges.create(row)
    return { record: { ...row, id, used_at: null, used_by: null }, challenge }
  }

  async list(limit: number): Promise<readonly ChallengeRecord[]> {
    return await this.#parts.challenges.list(limit)
  }

  /** @throws RequestError 'challenge-not-found' */
  async delete(id: number): Promise<void> {
    if (await this.#parts.challenges.delete(id)) return
    throw new RequestError('challenge-not-found', `There is no unused challenge ${id}.`, { id })
  }

  #template({ template: name, user, deviceId }: ChallengeWish): CertificateTemplateConfiguration {
    const template = this.#parts.templates().find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (template === undefined) throw invalid(`There is no certificate template "${name}".`)
    if (!template.protocols.includes('scep') && !template.protocols.includes('est')) {
      const message = `Template "${template.name}" lets neither SCEP nor EST ask for it: add scep or est to its protocols.`
      throw invalid(message)
    }
    if ((user === undefined) === (deviceId === undefined)) {
      throw invalid('A challenge is for a user or for a device: name one of them.')
    }
    return template
  }

  async #account(user: string): Promise<EnrolmentIdentity> {
    const answer = await this.#parts.identities.find(user)
    if (answer.kind === 'known') return answer.identity
    const { sentence } = render(answer.reason)
    if (answer.kind === 'unavailable') throw new RequestError('source-unavailable', sentence, { user })
    throw new RequestError('user-not-found', sentence, { user })
  }
}

function checkNames(
  { dns, ip }: ChallengeWish,
  { name, names, allowedNames }: CertificateTemplateConfiguration,
): void {
  if (dns.length + ip.length > 0 && names !== 'proved') {
    throw invalid(`Template "${name}" takes no names from challenges: it would need names: proved.`)
  }
  for (const address of ip) {
    try {
      ipOctets(address)
    } catch (error) {
      if (error instanceof PkiError) throw invalid(`"${address}" is not an IP address.`)
      throw error
    }
  }
  // Known now, so not left for the device to find out.
  const foreign = [
    ...dns.filter((one) => !isAllowedName({ kind: 'dns', name: one }, allowedNames)),
    ...ip.filter((one) => !isAllowedName({ kind: 'ip', octets: ipOctets(one) }, allowedNames)),
  ]
  if (foreign.length > 0) {
    throw invalid(
      `Template "${name}" does not let ${foreign.join(', ')} into a certificate: see its allowedNames.`,
    )
  }
}

function invalid(message: string): RequestError {
  return new RequestError('challenge-invalid', message)
}
