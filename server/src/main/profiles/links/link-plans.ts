import type { Configuration, Language } from '../../../config/schema.ts'
import type { EnrolmentIdentity } from '../../../enrolment/registration/requester.ts'
import { nameKey } from '../../../identity/user-name.ts'
import { RequestError } from '../../../kernel/errors.ts'
import { ROOT_TYPE } from '../../../profiles/guides/guide-output.ts'
import { guidePage, isGuide } from '../../../profiles/guides/guides.ts'
import type { LinkChoice, LinkFile, LinkGuide, LinkOffer } from '../../../profiles/links/link-answers.ts'
import { LINK_SYSTEMS, type LinkSystem, personalOutputs } from '../../../profiles/links/link-outputs.ts'
import type { LinkRecord } from '../../../profiles/links/profile-link-store.ts'
import type { ProfileFile, ProfileOutput } from '../../../profiles/profile-output.ts'
import { reason, render } from '../../../reasons/index.ts'
import { words } from '../../starter.ts'
import { connectionOf } from '../profile-inputs.ts'
import type { PlannedFiles, ProfileMaker } from '../profile-maker.ts'

export interface LinkPlansParts {
  readonly configuration: () => Configuration
  readonly maker: ProfileMaker
  readonly outputs: readonly ProfileOutput[]
  /** Ids of the outputs that links offer; absent: those that are for people. */
  readonly personal?: readonly string[]
}

export interface LinkOffers {
  readonly offers: readonly LinkOffer[]
  /** Why there are no more; what can be done about first. */
  readonly against: readonly RequestError[]
}

/** As `words()` makes them. */
const PASSWORD = /^[a-z]{6}(-[a-z]{6}){3}$/

/** What a link brings its person as things are now. Nothing is made here. */
export class LinkPlans {
  readonly #parts: LinkPlansParts

  constructor(parts: LinkPlansParts) {
    this.#parts = parts
  }

  /** For each connection and system the simplest file that can be made, and the steps by hand. */
  offers(link: LinkRecord, identity: EnrolmentIdentity): LinkOffers {
    const offers: LinkOffer[] = []
    const against: RequestError[] = []
    for (const name of this.#brought(link, identity)) {
      for (const system of systemsOf(link)) {
        const file = this.#file(link, identity, { name, system, against })
        const guides = () => this.#guides(link, identity, { name, system })
        if (file === undefined && guides().length === 0) continue
        const { title = name } = connectionOf(this.#parts.configuration(), name)
        offers.push({ connection: { name, title }, system, ...(file !== undefined && { file }), guides })
      }
    }
    against.sort((one, other) => Number(needsApproval(other)) - Number(needsApproval(one)))
    return { offers, against }
  }

  /** What is handed once. */
  plan(
    link: LinkRecord,
    identity: EnrolmentIdentity,
    choice: LinkChoice,
    from: string,
  ): PlannedFiles | RequestError {
    const plan = this.#chosen(link, identity, choice, from)
    if (plan instanceof RequestError) return plan
    const output = this.#parts.maker.output(choice.output)
    // Steps that need nothing of the person's stand on the page already.
    return isGuide(output) && !hasOwn(output, plan) ? notChosen(link, choice.connection) : plan
  }

  /** A root that the steps speak of. */
  root(
    link: LinkRecord,
    identity: EnrolmentIdentity,
    choice: LinkChoice,
    name: string,
  ): ProfileFile | RequestError {
    const plan = this.#chosen(link, identity, choice)
    if (plan instanceof RequestError) return plan
    const output = this.#parts.maker.output(choice.output)
    const found = isGuide(output) ? rootsOf(output, plan).find((file) => file.name === name) : undefined
    return found ?? notChosen(link, choice.connection)
  }

  /** A page can be changed before it is sent back: what it did not offer is refused. */
  #chosen(
    link: LinkRecord,
    identity: EnrolmentIdentity,
    choice: LinkChoice,
    from?: string,
  ): PlannedFiles | RequestError {
    const { connection, output, password } = choice
    const isOffered =
      this.#brought(link, identity).includes(connection) &&
      systemsOf(link).some((system) => this.#ofPeople(system).some(({ id }) => id === output)) &&
      (password === undefined || PASSWORD.test(password))
    if (!isOffered) return notChosen(link, connection)
    return attempt(() => this.#planned(link, identity, choice, from))
  }

  /** Connections whose groups the person is in, for which they need no administrator. */
  ownConnections({ groups }: EnrolmentIdentity): readonly string[] {
    const own = new Set(groups.map(nameKey))
    return this.#parts
      .configuration()
      .connections.filter((one) => one.enabled && one.groups.some((group) => own.has(nameKey(group))))
      .map(({ name }) => name)
  }

  /** Of a link people made for themselves only what their groups still give. */
  #brought(link: LinkRecord, identity: EnrolmentIdentity): readonly string[] {
    if (link.made_by === 'administrator') return connectionsOf(link)
    const own = this.ownConnections(identity)
    return connectionsOf(link).filter((name) => own.includes(name))
  }

  #file(
    link: LinkRecord,
    identity: EnrolmentIdentity,
    { name, system, against }: Place & { readonly against: RequestError[] },
  ): LinkFile | undefined {
    for (const { id: output } of this.#personal(system)) {
      const plan = attempt(() => this.#planned(link, identity, { connection: name, output }))
      if (!(plan instanceof RequestError)) return { output, ...passwordFor(plan) }
      against.push(plan)
    }
    return undefined
  }

  #guides(link: LinkRecord, identity: EnrolmentIdentity, { name, system }: Place): readonly LinkGuide[] {
    return this.#ofHand(system).flatMap((output) => {
      const guide = attempt(() => {
        const plan = this.#planned(link, identity, { connection: name, output: output.id })
        const page = guidePage(output.id, plan.sample)
        if (page === undefined) return []
        const roots = rootsOf(output, plan).map((file) => file.name)
        const own = hasOwn(output, plan) ? { own: { output: output.id, ...passwordFor(plan) } } : {}
        return [{ output: output.id, page, roots, ...own }]
      })
      return guide instanceof RequestError ? [] : guide
    })
  }

  #personal(system: LinkSystem): readonly ProfileOutput[] {
    return personalOutputs(this.#parts.outputs, system, this.#parts.personal)
  }

  #ofHand(system: LinkSystem): readonly ProfileOutput[] {
    return this.#parts.outputs.filter((output) => output.system === system && isGuide(output))
  }

  #ofPeople(system: LinkSystem): readonly ProfileOutput[] {
    return [...this.#personal(system), ...this.#ofHand(system)]
  }

  #planned(link: LinkRecord, identity: EnrolmentIdentity, choice: LinkChoice, from?: string): PlannedFiles {
    const { connection, output, password } = choice
    const language = languageOf(link) ?? choice.language
    return this.#parts.maker.plan({
      ...{ connection, output, identity },
      asker: { by: link.made_by, name: link.created_by, ...(from !== undefined && { from }) },
      ...(password !== undefined && { password }),
      ...(language !== undefined && { language }),
    })
  }
}

interface Place {
  /** Of the connection. */
  readonly name: string
  readonly system: LinkSystem
}

function notChosen({ id, user_name: user }: LinkRecord, connection: string): RequestError {
  const why = reason('profile-link-choice', { id, user, connection })
  return new RequestError(why.code, render(why).sentence)
}

/** Certificates of the CA alone stand in the files of a guide that hold no secret, beside its page. */
function rootsOf(output: ProfileOutput, { sample }: PlannedFiles): readonly ProfileFile[] {
  return output.make(sample).filter(({ mediaType }) => mediaType === ROOT_TYPE)
}

const hasOwn = (output: ProfileOutput, { sample }: PlannedFiles): boolean =>
  output.make(sample).some(({ holdsSecret }) => holdsSecret)

const passwordFor = ({ passwordTyped }: PlannedFiles) => (passwordTyped ? { password: words() } : {})

function systemsOf({ system }: LinkRecord) {
  return LINK_SYSTEMS.filter((one) => system === null || system === one)
}

function attempt<Result>(work: () => Result): Result | RequestError {
  try {
    return work()
  } catch (error) {
    if (error instanceof RequestError) return error
    throw error
  }
}

export const needsApproval = ({ code }: RequestError): boolean => code === 'profile-needs-approval'

export function connectionsOf({ connections }: LinkRecord): readonly string[] {
  return JSON.parse(connections) as string[] // written by ProfileLinks alone
}

export function languageOf({ language }: LinkRecord): Language | undefined {
  return (language as Language | null) ?? undefined // written by ProfileLinks alone
}
