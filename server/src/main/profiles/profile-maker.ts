import type { Certificate } from '@sallyport/pki'
import type { Configuration, ConnectionConfiguration, Language } from '../../config/schema.ts'
import type { AnchorStore } from '../../enrolment/anchors/anchor-store.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import type { EnrolmentIdentity } from '../../enrolment/registration/requester.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { needsOwnCertificate } from '../../profiles/certificates/certificate-need.ts'
import { type CertificateWish, chooseForm } from '../../profiles/certificates/form-choice.ts'
import { findingsOf, makeFiles, refuseObstacles } from '../../profiles/make-files.ts'
import type { CertificateForm, ProfileCertificate, ProfileInput } from '../../profiles/profile-input.ts'
import type { Finding, ProfileFile, ProfileOutput } from '../../profiles/profile-output.ts'
import {
  type CertificateAsker,
  type MadeCertificate,
  notOffered,
  type PersonCertificates,
  type PersonCertificateWish,
} from './person-certificates.ts'
import { connectionOf, personOf, profileInput } from './profile-inputs.ts'
import type { ProfileSigner } from './profile-signer.ts'
import { unknownName } from './unknown-name.ts'

export interface FilesWish {
  readonly connection: string
  readonly output: string
  readonly asker: CertificateAsker
  /** For whom; absent: for everybody. */
  readonly identity?: EnrolmentIdentity
  readonly certificate?: CertificateWish
  readonly device?: string
  readonly password?: string
  readonly language?: Language
  /** Forms that are signed stay as they are: for a tool that changes them. */
  readonly unsigned?: boolean
}

export interface MadeFiles {
  readonly files: readonly ProfileFile[]
  /** What of the connection they do not carry: warnings. */
  readonly findings: readonly Finding[]
  readonly certificate?: MadeCertificate['told'] & { readonly passedOver: readonly string[] }
}

/** Files that can be made: everything that can be known before is checked, and nothing has happened yet. */
export interface PlannedFiles {
  /** The system asks for the password of PKCS #12 when the file is opened. */
  readonly passwordTyped: boolean
  readonly certificateForm: CertificateForm | undefined
  /** What the files are made of, but for the certificate, in whose place stands one like it. */
  readonly sample: ProfileInput
  /** All or nothing: what was made for files that were not is undone. */
  make(): Promise<MadeFiles>
}

interface Parts {
  readonly configuration: () => Configuration
  readonly authority: Pick<CertificateAuthority, 'anchors' | 'caCertificates'>
  readonly outputs: readonly ProfileOutput[]
  readonly certificates: PersonCertificates
  readonly signer: Pick<ProfileSigner, 'sign'>
  readonly anchors: Pick<Remote<AnchorStore>, 'handed'>
  readonly clock: Clock
  readonly log: Logger
}

/** Makes the files of a connection for a person, certificate and all. */
export class ProfileMaker {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * @throws RequestError 'connection-not-found', 'connection-disabled', 'output-not-found', 'profile-not-possible',
   * 'certificate-not-offered', and any refusal of the registration authority
   */
  plan(wish: FilesWish): PlannedFiles {
    const { configuration, certificates } = this.#parts
    const connection = connectionOf(configuration(), wish.connection)
    const output = this.output(wish.output)
    const person = this.#certificateWish(connection, output, wish)
    const choice = chooseForm({
      ...{ wish: wish.certificate, output },
      isNeeded: needsOwnCertificate(connection),
      hasPerson: person !== undefined,
      obstacle: (form) => (person === undefined ? undefined : certificates.obstacle(form, person)),
    })
    if (choice.kind === 'not-offered') throw notOffered(choice.why)
    if (choice.kind === 'none' || person === undefined) {
      const brought: ProfileCertificate | undefined =
        choice.kind === 'none' ? undefined : { kind: 'installed' }
      const input = this.#input(connection, wish, brought)
      refuseObstacles(output, input)
      return {
        ...{ passwordTyped: false, certificateForm: brought?.kind, sample: input },
        make: () => this.#files(output, input, wish),
      }
    }
    const { form, passedOver } = choice
    // The certificate is the last thing made, so an output that cannot write it says so of one like it.
    const sample = this.#input(connection, wish, certificates.check(form, person))
    refuseObstacles(output, sample)
    return {
      passwordTyped: form === 'pkcs12' && output.pkcs12?.password === 'typed',
      certificateForm: form,
      sample,
      make: async () => {
        const made = await certificates.make(form, person)
        try {
          const files = await this.#files(output, this.#input(connection, wish, made.certificate), wish)
          return { ...files, certificate: { ...made.told, passedOver } }
        } catch (error) {
          await this.#undo(made)
          throw error
        }
      },
    }
  }

  /** @throws RequestError 'output-not-found' */
  output(id: string): ProfileOutput {
    const { outputs } = this.#parts
    const output = outputs.find((one) => one.id === id)
    if (output !== undefined) return output
    const known = outputs.map((one) => one.id)
    const list = 'npx sallyport connections show NAME'
    throw unknownName('output-not-found', { what: 'output', name: id, known, list })
  }

  #certificateWish(
    connection: ConnectionConfiguration,
    output: ProfileOutput,
    { identity, asker, device, password }: FilesWish,
  ): PersonCertificateWish | undefined {
    if (identity === undefined) return undefined
    const { title = connection.name, certificateTemplate: templateName } = connection
    return {
      ...{ output, identity, asker, templateName },
      friendlyName: `${identity.name} - ${title}`,
      ...(device !== undefined && { device }),
      ...(password !== undefined && { password }),
    }
  }

  #input(
    connection: ConnectionConfiguration,
    { identity, language }: FilesWish,
    certificate: ProfileCertificate | undefined,
  ): ProfileInput {
    const { configuration, authority } = this.#parts
    return profileInput(configuration(), authority, connection, {
      ...(identity !== undefined && { person: personOf(identity) }),
      ...(certificate !== undefined && { certificate }),
      ...(language !== undefined && { language }),
    })
  }

  async #files(
    output: ProfileOutput,
    input: ProfileInput,
    { identity, unsigned = false }: FilesWish,
  ): Promise<Pick<MadeFiles, 'files' | 'findings'>> {
    const made = makeFiles(output, input)
    const files = unsigned ? made : await this.#parts.signer.sign(made)
    if (identity !== undefined) await this.#noteAnchors(identity, input.radiusServer.anchors)
    return { files, findings: findingsOf(output, input) }
  }

  /** A CA takes over once those who check our servers have its root: this person has what stands in the file. */
  async #noteAnchors({ id, name }: EnrolmentIdentity, anchors: readonly Certificate[]): Promise<void> {
    const { authority, clock } = this.#parts
    const own = new Set(authority.anchors.map(({ fingerprint }) => fingerprint))
    for (const { fingerprint } of anchors) {
      if (own.has(fingerprint)) {
        await this.#parts.anchors.handed({ id, name }, fingerprint, 'profile', clock.now())
      }
    }
  }

  async #undo(made: MadeCertificate): Promise<void> {
    try {
      await made.undo()
    } catch (error) {
      // The failure that led here is the one to be told.
      this.#parts.log.error({ err: error }, 'What was made for a file that failed could not be undone.')
    }
  }
}
