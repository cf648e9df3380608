import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import {
  certificateNames,
  createCertificationRequest,
  createPkcs12,
  derOrPem,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  type KeyPair,
  type Pkcs12Form,
  PkiError,
} from '@sallyport/pki'
import { privateKeyPem } from '../../enrolment/private-key.ts'
import type { EnrolmentOutcome } from '../../enrolment/registration/registration.ts'
import type { RegistrationAuthority } from '../../enrolment/registration/registration-authority.ts'
import type {
  EnrolmentIdentities,
  EnrolmentIdentity,
  Requester,
} from '../../enrolment/registration/requester.ts'
import { UserStore } from '../../identity/local/user-store.ts'
import { principalRealm } from '../../identity/principal-realm.ts'
import { RequestError, UpstreamError } from '../../kernel/errors.ts'
import type {
  IssuedCertificate,
  MadePkcs12,
  NewCertificate,
  NewPkcs12,
} from '../../listeners/https/services.ts'
import { type Reason, render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { words } from '../starter.ts'
import { instant, optional } from './instant.ts'

type Issued = Extract<EnrolmentOutcome, { kind: 'issued' }>

export interface IssuingParts extends Pick<ApiParts, 'authority' | 'configuration' | 'reader' | 'clock'> {
  readonly registration: RegistrationAuthority
  readonly identities: EnrolmentIdentities
}

/** Certificates an administrator gives to people: the registration authority decides, as for any other door. */
export class CertificateIssuing {
  readonly #parts: IssuingParts
  readonly #users: UserStore

  constructor(parts: IssuingParts) {
    this.#parts = parts
    this.#users = new UserStore(parts.reader, parts.clock)
  }

  async issue({ user, template, days, request }: NewCertificate, author: string): Promise<IssuedCertificate> {
    const requester = await this.#administrator(user, author)
    const wish = { requester, ...optional('template', template), ...optional('days', days) }
    if (request !== undefined) {
      return this.#describe(
        await this.#ask({ ...wish, protocol: 'request', request: requestOctets(request) }),
      )
    }
    const { issued, keys } = await this.#withKey({ ...wish, protocol: 'request' }, p256)
    return { ...this.#describe(issued), key: privateKeyPem(keys.privateKey) }
  }

  async pkcs12({ user, template, days, legacy }: NewPkcs12, author: string): Promise<MadePkcs12> {
    const requester = await this.#administrator(user, author)
    const form: Pkcs12Form = legacy ? 'legacy' : 'modern'
    const wish = { form, friendlyName: user, ...optional('template', template), ...optional('days', days) }
    const { issued, container, password } = await this.container(requester, wish)
    const { chain: _, ...described } = this.#describe(issued)
    return { ...described, container: Buffer.from(container).toString('base64'), password }
  }

  /**
   * Key, certificate and the CAs above it in one file under a password; none of it is kept.
   *
   * @throws RequestError any refusal of the registration authority
   */
  async container(requester: Requester, wish: ContainerWish): Promise<IssuedContainer> {
    const { form, friendlyName, password = words(), ...asked } = wish
    // What needs the old form knows RSA alone, or knows it best.
    const { issued, keys } = await this.#withKey(
      { requester, protocol: 'pkcs12', ...asked },
      form === 'legacy' ? rsa : p256,
    )
    const { certificate, chain } = issued
    const { privateKey } = keys
    const container = createPkcs12({ privateKey, certificate, chain, friendlyName }, password, form)
    return { issued, container, password }
  }

  /** An account of any source, as a certificate names it. @throws RequestError */
  async accountOf(name: string): Promise<EnrolmentIdentity> {
    const { identities, configuration } = this.#parts
    // A stored user is found by the name alone, whatever realm it is in.
    const user = await this.#users.get(name)
    const realm = user && principalRealm(user, configuration.snapshot.configuration.realms)
    if (user !== undefined && realm === undefined) {
      const message = `No realm leads to ${user.name}: give a realm that asks source "${user.source}" a suffix, or make it the default.`
      throw new RequestError('no-realm-for-user', message, { user: user.name, source: user.source })
    }
    const whole =
      user === undefined || typeof realm !== 'string' ? (user?.name ?? name) : `${user.name}@${realm}`
    const answer = await identities.find(whole)
    if (answer.kind === 'known') return answer.identity
    if (answer.reason.code === 'user-not-found') {
      throw new RequestError('user-not-found', `There is no user "${name}".`, { user: name })
    }
    throw answer.kind === 'refused' ? refusal(answer.reason) : silence(answer.reason)
  }

  /** A key of the wished kind; of another where the template takes none of it. */
  async #withKey(
    wish: Omit<Wish, 'request'>,
    make: () => Promise<KeyPair>,
  ): Promise<{ issued: Issued; keys: KeyPair }> {
    const attempt = async (keys: KeyPair) => {
      const request = createCertificationRequest({ ...keys, subject: distinguishedName() })
      return { issued: await this.#ask({ ...wish, request }), keys }
    }
    try {
      return await attempt(await make())
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'enrolment-key-not-allowed') throw error
      const { allowed } = error.values
      const other = Array.isArray(allowed) && allowed.includes('rsa') ? rsa : p384
      return await attempt(await other())
    }
  }

  #describe({ certificate }: Issued) {
    const { authority } = this.#parts
    const { serial, fingerprint, upns, subject } = certificateNames(certificate)
    return {
      serial,
      fingerprint,
      userName: upns[0] ?? subject,
      notAfter: instant(certificate.notAfter),
      chain: authority.chainPem(certificate),
      root: authority.anchors.map(({ der }) => encodePem('CERTIFICATE', der)).join(''),
    }
  }

  async #administrator(user: string, name: string): Promise<Requester> {
    return { by: 'administrator', name, identity: await this.accountOf(user) }
  }

  async #ask(wish: Wish): Promise<Issued> {
    const { registration } = this.#parts
    const outcome = await registration.request(wish)
    if (outcome.kind === 'issued') return outcome
    if (outcome.kind !== 'pending') throw failure(outcome)
    const note = 'Asked for by a way that cannot wait.'
    await registration.deny(outcome.id, wish.requester.name, note)
    const message =
      'The template asks for approval: send a request of its own by `sallyport certificates request`.'
    throw new RequestError('certificate-request-invalid', message)
  }
}

export interface ContainerWish {
  readonly form: Pkcs12Form
  /** What systems show it as. */
  readonly friendlyName: string
  readonly template?: string
  readonly days?: number
  /** Absent: one is made up. */
  readonly password?: string
}

export interface IssuedContainer {
  readonly issued: Issued
  readonly container: Uint8Array
  readonly password: string
}

interface Wish {
  readonly requester: Requester
  readonly template?: string
  readonly days?: number
  readonly protocol: 'request' | 'pkcs12'
  readonly request: Uint8Array
}

/** What a refusal of the registration authority is to whoever called the API. */
export function failure(
  outcome: Extract<EnrolmentOutcome, { kind: 'refused' | 'unavailable' }>,
): RequestError | UpstreamError {
  return outcome.kind === 'refused' ? refusal(outcome.reason) : silence(outcome.reason)
}

export function refusal(reason: Reason): RequestError {
  const { sentence, nextStep } = render(reason)
  return new RequestError(reason.code, sentence, { ...reason.values, nextStep })
}

function silence(reason: Reason): UpstreamError {
  return new UpstreamError(reason.code, render(reason).sentence)
}

export function requestOctets(pem: string): Uint8Array {
  try {
    return derOrPem('CERTIFICATE REQUEST', pem)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    const message =
      'The certificate request cannot be read: it must be PKCS #10 in PEM (-----BEGIN CERTIFICATE REQUEST-----).'
    throw new RequestError('certificate-request-invalid', message, {}, error)
  }
}

const p256 = async (): Promise<KeyPair> => generateKeyPairFor('p256')
const p384 = async (): Promise<KeyPair> => generateKeyPairFor('p384')
/** On another thread: it takes a good part of a second. */
const rsa = async (): Promise<KeyPair> =>
  (await promisify(generateKeyPair)('rsa', { modulusLength: 3072 })) as {
    publicKey: KeyObject
    privateKey: KeyObject
  } // the overload without encodings
