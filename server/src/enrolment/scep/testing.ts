import {
  type AttributeName,
  type Certificate,
  challengePassword,
  createCertificationRequest,
  createCrl,
  createEnvelopedData,
  createPkiMessage,
  createSelfSignedCertificate,
  type Digest,
  distinguishedName,
  type EnvelopeOptions,
  type Extension,
  encodeIssuerAndSubject,
  generateKeyPairFor,
  type KeyPair,
  MESSAGE_TYPE,
  openEnvelopedData,
  parsePkiMessage,
  parseSignedData,
  SCEP_REGISTRATION_AUTHORITY,
  verifySignerInfo,
} from '@sallyport/pki'
import { type CertificateTemplateConfiguration, certificateTemplateSchema } from '../../config/schema.ts'
import { type ScepConfiguration, scepSchema } from '../../config/sections/enrolment/scep.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { Logging } from '../../kernel/logging.ts'
import { Sealer } from '../../kernel/seal.ts'
import type { Database } from '../../store/database.ts'
import { AuthorityStore } from '../authority/authority-store.ts'
import { CertificateAuthority } from '../authority.ts'
import { CertificateStore } from '../certificate-store.ts'
import { type ChallengeProof, OwnChallenges } from '../challenges/challenge-proof.ts'
import { ChallengeStore } from '../challenges/challenge-store.ts'
import { Challenges, type ChallengeWish } from '../challenges/challenges.ts'
import { CertificateRequestStore } from '../registration/certificate-request-store.ts'
import { RegistrationAuthority } from '../registration/registration-authority.ts'
import { FakeIdentities } from '../registration/testing.ts'
import { CertificateStatusStore } from '../status/certificate-status-store.ts'
import { ScepAuthority } from './scep-authority.ts'
import { type ScepOrigin, ScepService } from './scep-service.ts'
import { ScepTransactionStore } from './scep-transaction-store.ts'
import { ScepTransactions } from './scep-transactions.ts'

const DAY = 86_400_000
/** RSA keys take a while to make: tests that need any key take these. */
const KEYS = Array.from({ length: 4 }, () => generateKeyPairFor('rsa2048'))
export const [FIRST_KEY, SECOND_KEY, THIRD_KEY, RA_KEY] = KEYS as [KeyPair, KeyPair, KeyPair, KeyPair]

export function scepTemplate(settings: object = {}): CertificateTemplateConfiguration {
  const keys = { algorithms: ['rsa'], reuse: true }
  return certificateTemplateSchema.parse({
    name: 'laptops',
    enrol: { groups: ['VPN Users'] },
    keys,
    ...settings,
  })
}

/** A SCEP server over a fresh database, with a clock that stands still. Alice may enrol. */
export async function openScepBench(
  database: Database,
  options: {
    readonly templates?: readonly CertificateTemplateConfiguration[]
    readonly settings?: object
    /** Instead of the server's own challenges. */
    readonly proof?: ChallengeProof
    /** Measures how long RSA takes; as a rule it takes no time. */
    readonly stopwatch?: { monotonic(): number }
  } = {},
) {
  const { templates = [scepTemplate()], settings = {}, proof } = options
  const { kysely } = database
  const clock = new FakeClock()
  const log = new Logging({ clock, level: 'silent' }).for('pki')
  const certificates = new CertificateStore(kysely)
  const sealer = new Sealer([{ id: 'k1', key: new Uint8Array(32).fill(7) }])
  const parts = { store: certificates, authorities: new AuthorityStore(kysely), sealer, clock }
  const authority = await CertificateAuthority.open(parts, 'p256')
  const { certificate: issuer } = authority.currentIssuer
  const raCertificate = await authority.issue({
    kind: 'scep-ra',
    template: SCEP_REGISTRATION_AUTHORITY,
    subject: distinguishedName(['CN', 'RA']),
    san: [],
    publicKey: RA_KEY.publicKey,
    days: 365,
  })
  const now = clock.now()
  const times = { number: 1, thisUpdate: now - DAY, nextUpdate: now + DAY }
  const crl = createCrl({ issuer: authority.currentIssuer, revoked: [], ...times })
  const identities = new FakeIdentities()
  const requests = new CertificateRequestStore(kysely)
  const registration = new RegistrationAuthority({
    ...{ authority, requests, certificates, identities, clock, log },
    templates: () => templates,
  })
  const status = new CertificateStatusStore(database)
  const challengeStore = new ChallengeStore(kysely)
  const scepAuthority = new ScepAuthority({
    ...{ authority, certificates },
    special: { scepRas: async () => [{ certificate: raCertificate, privateKey: RA_KEY.privateKey, issuer }] },
    crl: () => crl.der,
  })
  const configuration: ScepConfiguration = scepSchema.parse({ enabled: true, ...settings })
  const service = new ScepService({
    settings: () => configuration,
    authority: scepAuthority,
    transactions: new ScepTransactions({
      authority: scepAuthority,
      challenges: proof ?? new OwnChallenges({ challenges: challengeStore, identities, clock }),
      ...{ identities, registration, clock },
      transactions: new ScepTransactionStore(kysely),
    }),
    clock: options.stopwatch ?? clock,
    log,
  })
  const challenges = new Challenges({
    ...{ challenges: challengeStore, identities, clock },
    templates: () => templates,
    minutes: () => configuration.challengeMinutes,
  })
  const [ra] = await scepAuthority.registrationAuthorities()
  return {
    ...{ authority, certificates, challenges, clock, identities, ra, registration, requests, service },
    revoke: async (serial: string, to: 'revoked' | 'held') =>
      await status.change({
        ...{ serial, to, reason: 'keyCompromise', at: clock.now() },
        ...{ cause: 'a test', askedBy: 'test' },
      }),
    /** A challenge for alice, and template `laptops`. */
    challenge: async (wish: Partial<ChallengeWish> = {}) =>
      (await challenges.create({ template: 'laptops', user: 'alice', dns: [], ip: [], ...wish }, 'admin'))
        .challenge,
  }
}

export type ScepBench = Awaited<ReturnType<typeof openScepBench>>

export interface ScepWish {
  readonly messageType?: number
  readonly transactionId?: string
  readonly challenge?: string
  readonly subject?: readonly (readonly [AttributeName, string])[]
  readonly extensions?: readonly Extension[]
  readonly digest?: Exclude<Digest, 'md5'>
  readonly envelope?: EnvelopeOptions
  /** The key asked for, where it is not the one that signs. */
  readonly keys?: KeyPair
  /** Instead of a request. */
  readonly content?: Uint8Array
  /** Instead of the registration authority. */
  readonly recipient?: Certificate
}

export type ScepReading =
  | {
      readonly status: 'success'
      readonly certificates: readonly Certificate[]
      /** DER. */
      readonly crls: readonly Uint8Array[]
    }
  | { readonly status: 'pending' }
  | { readonly status: 'failure'; readonly failInfo: string | undefined; readonly text: string | undefined }

/** A SCEP client over the codecs of the house: what it sends can be wrong in one thing at a time. */
export class ScepTestClient {
  readonly #bench: ScepBench
  readonly #keys: KeyPair
  readonly #certificate: Certificate

  /** @param certificate the one it renews; absent: a self-signed one */
  constructor(bench: ScepBench, keys: KeyPair = FIRST_KEY, certificate?: Certificate) {
    this.#bench = bench
    this.#keys = keys
    const now = bench.clock.now()
    const subject = distinguishedName(['CN', 'alice'])
    this.#certificate =
      certificate ??
      createSelfSignedCertificate({ ...keys, subject, notBefore: now - DAY, notAfter: now + DAY })
  }

  message(wish: ScepWish = {}): Uint8Array {
    const { subject = [['CN', 'alice']], extensions = [], recipient = this.#bench.ra.certificate } = wish
    const request = createCertificationRequest({
      ...(wish.keys ?? this.#keys),
      ...{ extensions, subject: distinguishedName(...subject) },
      attributes: wish.challenge === undefined ? [] : [challengePassword(wish.challenge)],
    })
    return createPkiMessage({
      messageType: wish.messageType ?? MESSAGE_TYPE.pkcsReq,
      transactionId: wish.transactionId ?? 'T1',
      senderNonce: new Uint8Array(16).fill(9),
      envelope: createEnvelopedData(wish.content ?? request, recipient, wish.envelope),
      signer: {
        certificate: this.#certificate,
        privateKey: this.#keys.privateKey,
        ...(wish.digest !== undefined && { digest: wish.digest }),
      },
    })
  }

  poll(transactionId = 'T1'): Uint8Array {
    const [issuer, subject] = [this.#bench.ra.certificate.issuer, distinguishedName(['CN', 'alice'])]
    const content = encodeIssuerAndSubject({ issuer, subject })
    return this.message({ messageType: MESSAGE_TYPE.certPoll, transactionId, content })
  }

  async enrol(wish: ScepWish = {}, origin: Partial<ScepOrigin> = {}): Promise<ScepReading> {
    return await this.send(this.message(wish), origin)
  }

  /** Checks the answer as a client does, and opens it. */
  async send(octets: Uint8Array, origin: Partial<ScepOrigin> = {}): Promise<ScepReading> {
    const answer = await this.#bench.service.operate(octets, { from: '192.0.2.1', ...origin })
    if (answer.kind !== 'message') throw new Error(`answered ${answer.kind}`)
    return this.read(answer.octets)
  }

  read(octets: Uint8Array): ScepReading {
    const message = parsePkiMessage(octets)
    const { publicKey } = this.#bench.ra.certificate
    const verdict = verifySignerInfo(message.signed, message.signer, publicKey, { allowSha1: true })
    if (!verdict.ok) throw new Error(verdict.detail)
    const { pkiStatus, failInfo, failInfoText: text, envelope } = message
    if (pkiStatus === 'pending') return { status: 'pending' }
    if (pkiStatus !== 'success' || envelope === undefined) return { status: 'failure', failInfo, text }
    const recipient = { certificate: this.#certificate, privateKey: this.#keys.privateKey }
    const opened = openEnvelopedData(envelope, [recipient], ['aes-128-cbc', 'aes-256-cbc', 'des-ede3-cbc'])
    if (!opened.ok) throw new Error(opened.detail)
    const { certificates, crls } = parseSignedData(opened.content)
    return { status: 'success', certificates, crls }
  }
}
