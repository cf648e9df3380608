import type { Certificate } from '@sallyport/pki'
import { serialText } from '@sallyport/pki'
import type { CertificateTemplateConfiguration, Configuration } from '../../config/schema.ts'
import type { Challenges } from '../../enrolment/challenges/challenges.ts'
import { CHALLENGE_USER } from '../../enrolment/est/est-service.ts'
import { BUILT_IN_TEMPLATE, withBuiltIn } from '../../enrolment/registration/built-in-template.ts'
import type { Registration } from '../../enrolment/registration/registration.ts'
import type { EnrolmentIdentity, Requester } from '../../enrolment/registration/requester.ts'
import { accessFault } from '../../enrolment/registration/template-access.ts'
import type { StatusActions } from '../../enrolment/status/status-action.ts'
import { RequestError } from '../../kernel/errors.ts'
import {
  type BroughtForm,
  offerObstacle,
  scepKeyBits,
  scepUrl,
} from '../../profiles/certificates/certificate-offer.ts'
import type { CertificateForm, ProfileCertificate } from '../../profiles/profile-input.ts'
import type { ProfileOutput } from '../../profiles/profile-output.ts'
import { reason } from '../../reasons/index.ts'
import { type CertificateIssuing, refusal } from '../api/certificate-issuing.ts'
import { personOf } from './profile-inputs.ts'

/** On whose word somebody gets a certificate. */
export interface CertificateAsker {
  /** person = they proved who they are, and no administrator vouched for them. */
  readonly by: 'administrator' | 'person'
  readonly name: string
  /** Address of the client. */
  readonly from?: string
}

export interface PersonCertificateWish {
  readonly output: Pick<ProfileOutput, 'pkcs12' | 'system'>
  readonly identity: EnrolmentIdentity
  readonly asker: CertificateAsker
  /** `certificateTemplate` of the connection. */
  readonly templateName: string | undefined
  /** What systems show the certificate as. */
  readonly friendlyName: string
  /** Serial number or UDID. */
  readonly device?: string
  /** Of PKCS #12, where it was shown before. */
  readonly password?: string
}

export interface MadeCertificate {
  readonly certificate: ProfileCertificate
  /** What whoever makes the file may be told: the key and the challenge are in the file alone. */
  readonly told: {
    readonly form: CertificateForm
    readonly template?: string
    readonly serial?: string
    /** Milliseconds since 1970. */
    readonly notAfter?: number
    readonly password?: string
    readonly challengeExpiresAt?: number
  }
  /** Nothing stays behind of what was made for a file that was not. */
  undo(): Promise<void>
}

interface Parts {
  readonly configuration: () => Configuration
  readonly issuing: Pick<CertificateIssuing, 'container'>
  readonly registration: Pick<Registration, 'templatesFor'>
  readonly challenges: Pick<Challenges, 'create' | 'delete'>
  readonly statusActions: Pick<StatusActions, 'run'>
  /** The root of the CA that issues; it also stands in for a certificate that is not made yet. */
  readonly root: () => Certificate
}

/** The certificate that comes along with a person's file, asked for at the registration authority like any other. */
export class PersonCertificates {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Why this form is not to be had; undefined: the configuration offers it. */
  obstacle(form: BroughtForm, wish: PersonCertificateWish): string | undefined {
    const { enrolment } = this.#parts.configuration()
    const { device } = wish
    return offerObstacle(form, {
      enrolment,
      template: this.#template(form, wish),
      ...(device !== undefined && { device }),
    })
  }

  /** Nothing is made yet, and the account may have it. @throws RequestError any refusal of the registration authority */
  check(form: CertificateForm, wish: PersonCertificateWish): ProfileCertificate {
    if (form === 'installed') return { kind: 'installed' }
    const template = this.#expected(form, wish)
    const { identity, asker } = wish
    const requester: Requester = {
      by: form === 'acme' ? 'acme-account' : 'challenge',
      name: asker.name,
      boundTemplate: template.name,
      ...(form === 'acme' ? { deviceId: wish.device ?? '' } : { identity }),
    }
    // No group may enrol by the built-in template: an administrator vouches, or nobody does.
    const isVouched = template.name === BUILT_IN_TEMPLATE && asker.by === 'administrator'
    const fault = isVouched ? undefined : accessFault(template, form, requester)
    if (fault !== undefined) throw refusal(fault)
    if (form === 'pkcs12' && template.approval === 'required' && asker.by === 'person') {
      throw refusal(reason('profile-needs-approval', { user: identity.name, template: template.name }))
    }
    return this.#sample(form, template, wish)
  }

  /** Call `check` first. @throws RequestError any refusal of the registration authority */
  async make(form: CertificateForm, wish: PersonCertificateWish): Promise<MadeCertificate> {
    switch (form) {
      case 'installed':
        return { certificate: { kind: 'installed' }, told: { form }, undo: async () => {} }
      case 'pkcs12':
        return await this.#pkcs12(wish)
      case 'scep':
      case 'est':
        return await this.#challenged(form, wish)
      case 'acme': {
        const template = this.#expected(form, wish)
        const certificate = this.#sample(form, template, wish)
        return { certificate, told: { form, template: template.name }, undo: async () => {} }
      }
    }
  }

  async #pkcs12(wish: PersonCertificateWish): Promise<MadeCertificate> {
    const { issuing, statusActions } = this.#parts
    const { identity, asker, output, friendlyName, password } = wish
    const template = this.#expected('pkcs12', wish)
    const form = pkcs12FormOf(output)
    const { name, from } = asker
    const requester: Requester = {
      by: asker.by === 'administrator' ? 'administrator' : 'password',
      ...{ name, identity },
      ...(from !== undefined && { from }),
    }
    const made = await issuing.container(requester, {
      ...{ form, friendlyName, template: template.name },
      ...(password !== undefined && { password }),
    })
    const { certificate } = made.issued
    const serial = serialText(certificate.serial)
    return {
      certificate: { kind: 'pkcs12', form, container: made.container, password: made.password, certificate },
      told: {
        ...{ form: 'pkcs12', template: template.name, serial },
        ...{ notAfter: certificate.notAfter, password: made.password },
      },
      undo: async () => {
        const cause = 'the file it was for could not be made'
        const order = { serial, to: 'revoked', reason: 'cessationOfOperation', askedBy: name, cause } as const
        await statusActions.run(order)
      },
    }
  }

  async #challenged(form: 'scep' | 'est', wish: PersonCertificateWish): Promise<MadeCertificate> {
    const { challenges } = this.#parts
    const template = this.#expected(form, wish)
    const user = personOf(wish.identity).userName
    const order = { template: template.name, user, dns: [], ip: [] }
    const { record, challenge } = await challenges.create(order, wish.asker.name)
    const certificate = this.#sample(form, template, wish, challenge)
    return {
      certificate,
      told: { form, template: template.name, challengeExpiresAt: record.expires_at },
      undo: () => challenges.delete(record.id),
    }
  }

  #sample(
    form: BroughtForm,
    template: CertificateTemplateConfiguration,
    { identity, device = '', output }: PersonCertificateWish,
    challenge = '',
  ): ProfileCertificate {
    const { enrolment } = this.#parts.configuration()
    const { httpsUrl = '' } = enrolment
    switch (form) {
      case 'pkcs12': {
        const certificate = this.#parts.root()
        return {
          ...{ kind: form, form: pkcs12FormOf(output), container: new Uint8Array(), password: 'sample' },
          certificate,
        }
      }
      case 'scep': {
        const [url = '', rsaBits = 2048] = [scepUrl(enrolment), scepKeyBits(template)]
        const root = this.#parts.root()
        return { kind: form, ...{ url, challenge, rsaBits, root }, commonName: commonNameOf(identity) }
      }
      case 'est': {
        const url = `${httpsUrl}/.well-known/est`
        const { name } = template
        return {
          ...{ kind: form, url, challenge, template: name, userName: CHALLENGE_USER },
          root: this.#parts.root(),
        }
      }
      case 'acme': {
        const directoryUrl = `${httpsUrl}/acme/${encodeURIComponent(template.name)}/directory`
        return { kind: form, directoryUrl, clientIdentifier: device }
      }
    }
  }

  #expected(form: BroughtForm, wish: PersonCertificateWish): CertificateTemplateConfiguration {
    const template = this.#template(form, wish)
    const why = this.obstacle(form, wish)
    if (template !== undefined && why === undefined) return template
    throw notOffered([`${form}: ${why ?? ''}`])
  }

  /** That of the connection; else the only one the account may enrol; else, by an administrator's word, the built-in one. */
  #template(
    form: BroughtForm,
    { templateName, identity, asker }: PersonCertificateWish,
  ): CertificateTemplateConfiguration | undefined {
    const all = withBuiltIn(this.#parts.configuration().certificateTemplates)
    if (templateName !== undefined) return all.find(({ name }) => name === templateName)
    const own = this.#parts.registration
      .templatesFor(identity, form)
      .filter(({ names, name }) => names === 'account' && name !== BUILT_IN_TEMPLATE)
    if (own.length > 1) return undefined
    const builtIn = all.find(({ name }) => name === BUILT_IN_TEMPLATE)
    return own[0] ?? (asker.by === 'administrator' && form === 'pkcs12' ? builtIn : undefined)
  }
}

/** @throws nothing; to be thrown */
export function notOffered(why: readonly string[]): RequestError {
  return new RequestError(
    'certificate-not-offered',
    `No certificate can come along with this file: ${why.join('; ')}.`,
    { why },
  )
}

/** Where an output does not say: Apple's and Android's systems read nothing newer than 3DES in many versions. */
function pkcs12FormOf({ pkcs12, system }: PersonCertificateWish['output']): 'modern' | 'legacy' {
  return pkcs12?.form ?? (system === 'apple' || system === 'android' ? 'legacy' : 'modern')
}

/** The registration authority writes its own; a client wants one to send (RFC 5280: at most 64 characters). */
function commonNameOf({ name }: EnrolmentIdentity): string {
  return name.length <= 64 ? name : 'user'
}
