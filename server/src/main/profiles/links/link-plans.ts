import type { Configuration, Language } from '../../../config/schema.ts'
import type { EnrolmentIdentity } from '../../../enrolment/registration/requester.ts'
import { nameKey } from '../../../identity/user-name.ts'
import { RequestError } from '../../../kernel/errors.ts'
import type { LinkChoice, LinkOffer } from '../../../profiles/links/link-answers.ts'
import { LINK_SYSTEMS, personalOutputs } from '../../../profiles/links/link-outputs.ts'
import type { LinkRecord } from '../../../profiles/links/profile-link-store.ts'
import type { ProfileOutput } from '../../../profiles/profile-output.ts'
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

  /** For each connection and system the simplest file that can be made. */
  offers(link: LinkRecord, identity: EnrolmentIdentity): LinkOffers {
    const offers: LinkOffer[] = []
    const against: RequestError[] = []
    for (const name of this.#brought(link, identity)) {
      for (const system of systemsOf(link)) {
        for (const { id: output } of this.#personal(system)) {
          const plan = attempt(() => this.#planned(link, identity, { connection: name, output }))
          if (plan instanceof RequestError) {
            against.push(plan)
            continue
          }
          const { title = name } = connectionOf(this.#parts.configuration(), name)
          const shown = plan.passwordTyped ? { password: words() } : {}
          offers.push({ connection: { name, title }, system, output, ...shown })
          break
        }
      }
    }
    against.sort((one, other) => Number(needsApproval(other)) - Number(needsApproval(one)))
    return { offers, against }
  }

  /** A page can be changed before it is sent back: what it did not offer is refused. */
  plan(
    link: LinkRecord,
    identity: EnrolmentIdentity,
    choice: LinkChoice,
    from: string,
  ): PlannedFiles | RequestError {
    const { connection, output, password } = choice
    const isOffered =
      this.#brought(link, identity).includes(connection) &&
      systemsOf(link).some((system) => this.#personal(system).some(({ id }) => id === output)) &&
      (password === undefined || PASSWORD.test(password))
    if (isOffered) return attempt(() => this.#planned(link, identity, choice, from))
    const why = reason('profile-link-choice', { id: link.id, user: link.user_name, connection })
    return new RequestError(why.code, render(why).sentence)
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

  #personal(system: (typeof LINK_SYSTEMS)[number]): readonly ProfileOutput[] {
    return personalOutputs(this.#parts.outputs, system, this.#parts.personal)
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
