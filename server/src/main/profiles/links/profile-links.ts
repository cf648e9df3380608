import type { EnrolmentIdentities } from '../../../enrolment/registration/requester.ts'
import type { AuditStore } from '../../../journal/index.ts'
import { RequestError, UpstreamError } from '../../../kernel/errors.ts'
import type { Remote } from '../../../kernel/rpc.ts'
import { isGuide } from '../../../profiles/guides/guides.ts'
import type {
  HandedFile,
  LinkChoice,
  LinkService,
  NoFile,
  OpenedLink,
  ShownSecret,
} from '../../../profiles/links/link-answers.ts'
import { newCode, newToken, readCode, tokenHash } from '../../../profiles/links/link-secrets.ts'
import { asOne } from '../../../profiles/links/one-file.ts'
import type { LinkRecord, ProfileLinkStore } from '../../../profiles/links/profile-link-store.ts'
import type { ProfileFile } from '../../../profiles/profile-output.ts'
import { reason, render } from '../../../reasons/index.ts'
import { connectionOf } from '../profile-inputs.ts'
import type { MadeFiles, PlannedFiles } from '../profile-maker.ts'
import { LinkTrail } from './link-audit.ts'
import { codeMark, LinkFinder, type LinkFinderParts } from './link-finder.ts'
import { LinkPlans, type LinkPlansParts, languageOf, needsApproval } from './link-plans.ts'
import type { LinkMaker, LinkWish, MadeLink } from './link-wish.ts'

export interface ProfileLinksParts extends LinkFinderParts, LinkPlansParts {
  readonly identities: EnrolmentIdentities
  readonly audit: Pick<Remote<AuditStore>, 'record'>
  readonly read: Pick<ProfileLinkStore, 'find' | 'list'>
  readonly store: Pick<Remote<ProfileLinkStore>, 'create' | 'use' | 'giveBack' | 'delete'>
}

const BOUNDS = { most: 10_000, mostOfHolder: 50 }
/** Files made at once: a key of RSA takes a second on a thread logins use as well. */
const MOST_AT_ONCE = 4
const BUSY_SECONDS = 5
const SELF_SERVICE_MINUTES = 10

/** One-time links: made, shown, used up. A link that is opened is not used; who asks for its file uses it. */
export class ProfileLinks implements LinkService {
  readonly #parts: ProfileLinksParts
  readonly #trail: LinkTrail
  readonly #finder: LinkFinder
  readonly #plans: LinkPlans
  #making = 0

  constructor(parts: ProfileLinksParts) {
    this.#parts = parts
    this.#trail = new LinkTrail(parts)
    this.#finder = new LinkFinder(parts, this.#trail)
    this.#plans = new LinkPlans(parts)
  }

  /**
   * @throws RequestError 'links-disabled', 'too-many-links', 'connection-not-found', 'connection-disabled', and what
   * stands against every file the link could bring
   */
  async create(wish: LinkWish, maker: LinkMaker): Promise<MadeLink> {
    if (!this.#settings.enabled) {
      throw new RequestError('links-disabled', 'Links are switched off (enrolment.links.enabled).')
    }
    const { configuration, sealer, store, clock } = this.#parts
    const { identity, connections, system, language } = wish
    for (const name of connections) connectionOf(configuration(), name)
    const [token, code, now] = [newToken(), newCode(), clock.now()]
    const row = {
      token_hash: tokenHash(token) ?? '',
      code_mark: codeMark(readCode(code) ?? '', sealer),
      ...{ user_name: identity.name, holder_id: identity.id },
      ...{ connections: JSON.stringify(connections), system: system ?? null, language: language ?? null },
      ...{ made_by: maker.by, created_by: maker.name, created_at: now },
      expires_at: now + (wish.minutes ?? this.#settings.minutes) * 60_000,
    }
    const record = { ...row, id: 0, used_at: null, used_from: null, used_for: null }
    // Known now, so not left for the person to find out.
    const { offers, against } = this.#plans.offers(record, identity)
    if (offers.length === 0) {
      const none = new RequestError('profile-not-possible', 'No file of these connections is for people.')
      throw against[0] ?? none
    }
    const id = await store.create(row, BOUNDS)
    if (id !== undefined) return { record: { ...record, id }, token, code }
    throw new RequestError('too-many-links', 'There are too many links: delete some, or wait a day.')
  }

  /** The latest first. */
  async list(limit: number): Promise<readonly LinkRecord[]> {
    return await this.#parts.read.list(limit)
  }

  /** @throws RequestError 'link-not-found' */
  async delete(id: number): Promise<void> {
    if (await this.#parts.store.delete(id)) return
    throw new RequestError('link-not-found', `There is no unused link ${id}.`, { id })
  }

  /** What a link brings. Nothing is used up: previews and scanners of mail open links as well. */
  async open(secret: ShownSecret, from: string): Promise<OpenedLink> {
    if (!this.#settings.enabled) return { kind: 'gone' }
    const found = await this.#finder.find(secret, from, 'look')
    if (found.kind !== 'link') return found
    const { link } = found
    const holder = await this.#holder(link)
    if (holder.kind !== 'known') return { kind: holder.kind }
    const { identity } = holder
    const { offers, against } = this.#plans.offers(link, identity)
    if (offers.length === 0) return this.#refused(against, from)
    const language = languageOf(link)
    const { displayName: person = identity.name } = identity
    return { kind: 'open', person, offers, ...(language !== undefined && { language }) }
  }

  /** Found - holder as of now - can be made - used up - made: in this order. */
  async hand(secret: ShownSecret, choice: LinkChoice, from: string): Promise<HandedFile> {
    if (!this.#settings.enabled) return { kind: 'gone' }
    const found = await this.#finder.find(secret, from, 'use')
    if (found.kind !== 'link') return found
    const { link } = found
    const holder = await this.#holder(link)
    if (holder.kind !== 'known') {
      const details = { reason: holder.reason.code }
      await this.#trail.record(link, { from, outcome: 'refused', details })
      return { kind: holder.kind }
    }
    const plan = this.#plans.plan(link, holder.identity, choice, from)
    if (plan instanceof RequestError) {
      await this.#trail.record(link, { from, outcome: 'refused', details: { reason: plan.code } })
      return this.#refused([plan], from)
    }
    if (this.#making >= MOST_AT_ONCE) return { kind: 'wait', seconds: BUSY_SECONDS }
    this.#making++
    try {
      return await this.#make(link, plan, choice, from)
    } finally {
      this.#making--
    }
  }

  async root(secret: ShownSecret, choice: LinkChoice, name: string, from: string): Promise<HandedFile> {
    if (!this.#settings.enabled) return { kind: 'gone' }
    const found = await this.#finder.find(secret, from, 'look')
    if (found.kind !== 'link') return found
    const holder = await this.#holder(found.link)
    if (holder.kind !== 'known') return { kind: holder.kind }
    const file = this.#plans.root(found.link, holder.identity, choice, name)
    return file instanceof RequestError ? this.#refused([file], from) : { kind: 'file', file }
  }

  /** Whoever proved who they are gets a short-lived link of their own, for the connections of their groups. */
  async ofPerson(
    name: string,
    password: Uint8Array,
    from: string,
  ): Promise<({ readonly kind: 'made' } & MadeLink) | NoFile | { readonly kind: 'nothing' }> {
    if (!this.#settings.enabled || !this.#settings.selfService) return { kind: 'gone' }
    const answer = await this.#parts.identities.authenticate(name, password, from)
    if (answer.kind !== 'known') return { kind: answer.kind }
    const { identity } = answer
    const connections = this.#plans.ownConnections(identity)
    if (identity.kind !== 'person' || connections.length === 0) {
      const why = reason('profile-not-in-groups', { user: identity.name })
      this.#parts.log.warn({ reason: why.code, from }, render(why).sentence)
      return { kind: 'nothing' }
    }
    try {
      const wish = { identity, connections, minutes: SELF_SERVICE_MINUTES }
      const made = await this.create(wish, { by: 'person', name: identity.name })
      const event = { action: 'link.create', from, outcome: 'done', details: { connections } } as const
      await this.#trail.record(made.record, event)
      return { kind: 'made', ...made }
    } catch (error) {
      if (error instanceof RequestError) return this.#refused([error], from)
      throw error
    }
  }

  async #make(link: LinkRecord, plan: PlannedFiles, choice: LinkChoice, from: string): Promise<HandedFile> {
    const { store, clock } = this.#parts
    const { connection, output } = choice
    const use = { at: clock.now(), from, for: `${connection}: ${output}` }
    // Durable before anything is made: a crash in between loses the link, and never brings two certificates.
    if (!(await store.use(link.id, use))) return { kind: 'gone' }
    let made: MadeFiles
    try {
      made = await plan.make()
    } catch (error) {
      // What was made is undone, so the link is as good as before.
      await store.giveBack(link.id, use)
      return await this.#failed(error, link, from)
    }
    const { form, serial } = made.certificate ?? {}
    const details = { connection, output, certificateForm: form, serial }
    await this.#trail.record(link, { from, outcome: 'done', details })
    return { kind: 'file', file: asOne(handedOnce(output, made.files), connection) }
  }

  async #failed(error: unknown, link: LinkRecord, from: string): Promise<NoFile> {
    if (error instanceof RequestError) {
      await this.#trail.record(link, { from, outcome: 'refused', details: { reason: error.code } })
      return this.#refused([error], from)
    }
    if (!(error instanceof UpstreamError)) throw error
    this.#parts.log.warn({ err: error, from }, 'The file of a link could not be made now.')
    return { kind: 'unavailable' }
  }

  /** The account as it is now: it may have been disabled, or have left its group, since. */
  async #holder({ holder_id: id, user_name: name, made_by: madeBy }: LinkRecord) {
    const answer = await this.#parts.identities.byId(id, name)
    if (answer.kind !== 'known' || madeBy === 'administrator') return answer
    if (this.#plans.ownConnections(answer.identity).length > 0) return answer
    const why = reason('profile-not-in-groups', { user: name })
    this.#parts.log.warn({ reason: why.code }, render(why).sentence)
    return { kind: 'refused', reason: why } as const
  }

  #refused(against: readonly RequestError[], from: string): NoFile {
    const [first] = against
    if (first !== undefined) this.#parts.log.warn({ reason: first.code, from }, first.message)
    return { kind: against.some(needsApproval) ? 'approval' : 'refused' }
  }

  get #settings() {
    return this.#parts.configuration().enrolment.links
  }
}

/** Of a guide only what the page of the link does not show: its steps and the roots are there. */
function handedOnce(output: string, files: readonly ProfileFile[]): readonly ProfileFile[] {
  return isGuide({ id: output }) ? files.filter(({ holdsSecret }) => holdsSecret) : files
}
