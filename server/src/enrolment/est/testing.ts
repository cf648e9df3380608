import { createHash } from 'node:crypto'
import {
  type Certificate,
  distinguishedName,
  type GeneralName,
  nameText,
  parseCertificationRequest,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { certificateTemplateSchema } from '../../config/sections/certificate-templates.ts'
import { type EstConfiguration, estSchema } from '../../config/sections/enrolment/est.ts'
import { Logging } from '../../kernel/logging.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { holderUri } from '../certificate-holder.ts'
import type { EnrolmentOutcome, EnrolmentRequest } from '../registration/registration.ts'
import type { EnrolmentIdentity, IdentityAnswer } from '../registration/requester.ts'
import { type AuthorityBench, openAuthorityBench } from '../testing.ts'
import { EstService } from './est-service.ts'

export const ALICE: EnrolmentIdentity = {
  ...{ kind: 'person', id: 'local/1', source: 'local', name: 'alice', upn: 'alice@example.org' },
  groups: ['staff'],
}
export const EST_PASSWORD = 'correct: horse'
/** A challenge for one transaction. */
export const ONE_TIME = 'ABCDE-FGHJK'

const TEMPLATES = [
  { name: 'user', enrol: { groups: ['staff'] } },
  { name: 'approved', approval: 'required' },
  { name: 'rsa-only', keys: { algorithms: ['rsa'] } },
].map((template) => certificateTemplateSchema.parse(template))

export interface EstBench extends AuthorityBench {
  readonly est: EstService
  /** What the registration authority was asked. */
  readonly asked: EnrolmentRequest[]
  /** Requests for `approved` are pending until it holds their SHA-256. */
  readonly approved: Set<string>
  readonly settings: { -readonly [Key in keyof EstConfiguration]: EstConfiguration[Key] }
  /** What becomes of accounts looked up by id. */
  byId: (id: string) => IdentityAnswer
  /** Issues as the registration authority would. */
  issue(
    request: Uint8Array,
    more?: { readonly days?: number; readonly holder?: string | null },
  ): Promise<Certificate>
}

/** The EST service before a registration authority that says yes to `alice`; everything it issues is real. */
export async function openEstBench(): Promise<EstBench> {
  const { authority, parts, database, change } = await openAuthorityBench()
  const settings = estSchema.parse({})
  const asked: EnrolmentRequest[] = []
  const approved = new Set<string>()
  const issued = new Map<string, Certificate>()
  let spent: string | undefined
  const issue: EstBench['issue'] = async (request, { days = 30, holder = ALICE.id } = {}) => {
    const { publicKey } = parseCertificationRequest(request)
    if (publicKey === undefined) throw new TypeError('a request without a key')
    const holderName: GeneralName[] = holder === null ? [] : [{ kind: 'uri', uri: holderUri(holder) }]
    return await authority.issue({
      ...{
        kind: 'client',
        template: USER_AUTHENTICATION,
        subject: distinguishedName(['CN', 'alice']),
        publicKey,
      },
      san: [{ kind: 'upn', name: 'alice@example.org' }, ...holderName],
      days,
      origin: {
        template: 'user',
        protocol: 'est',
        holder_id: holder,
        holder_name: holder === null ? null : 'alice',
      },
    })
  }
  const request = async (wanted: EnrolmentRequest): Promise<EnrolmentOutcome> => {
    asked.push(wanted)
    if (wanted.renews !== undefined) {
      const answer = made.byId(ALICE.id)
      if (answer.kind !== 'known') return answer
    }
    const { template = 'user', requester } = wanted
    if (wanted.renews === undefined && requester.identity?.groups.includes('staff') !== true) {
      const values = { subject: requester.name, detail: 'is in no group that may enrol' }
      return { kind: 'refused', reason: reason('certificate-invalid', values) }
    }
    const transaction = createHash('sha256').update(wanted.request).digest('hex')
    if (template === 'approved' && !approved.has(transaction))
      return { kind: 'pending', id: asked.length, retryAfterSeconds: 1 }
    const certificate = issued.get(transaction) ?? (await issue(wanted.request))
    issued.set(transaction, certificate)
    return { kind: 'issued', id: asked.length, certificate, chain: [authority.issuing, authority.root] }
  }
  const bench: Omit<EstBench, 'est'> = {
    ...{ authority, parts, database, change, asked, approved, settings, issue },
    byId: (id) => (id === ALICE.id ? { kind: 'known', identity: ALICE } : gone(id)),
  }
  const est = new EstService({
    registration: { request },
    identities: {
      authenticate: async (name, password) => {
        const isRight = Buffer.from(password).toString() === EST_PASSWORD
        if (name === 'down') return { kind: 'unavailable', reason: reason('source-unavailable', {}) }
        if (name === 'bob' && isRight)
          return { kind: 'known', identity: { ...ALICE, name: 'bob', groups: [] } }
        return name === 'alice' && isRight ? { kind: 'known', identity: ALICE } : gone(name)
      },
    },
    challenges: {
      prove: async ({ challenge, transaction, from }) => {
        if (challenge !== ONE_TIME) return gone('challenge')
        spent ??= transaction
        if (spent !== transaction) return gone('challenge')
        const requester = {
          by: 'challenge',
          name: 'printer',
          from,
          identity: ALICE,
          boundTemplate: 'user',
        } as const
        return { kind: 'proved', requester }
      },
    },
    own: {
      issuers: () => authority.issuers.map(({ certificate }) => certificate),
      find: (serial) => parts.store.find(serial),
    },
    caCertificates: () => [authority.root, authority.issuing],
    settings: () => settings,
    templates: () => TEMPLATES,
    clock: parts.clock,
    log: new Logging({ clock: parts.clock, level: 'silent' }).for('pki'),
  })
  const made: EstBench = Object.assign(bench, { est })
  return made
}

function gone(user: string): { readonly kind: 'refused'; readonly reason: Reason } {
  return { kind: 'refused', reason: reason('user-not-found', { user, sources: [] }) }
}

/** For messages of failed tests. */
export function subjectOf({ subject }: Certificate): string {
  return nameText(subject)
}
