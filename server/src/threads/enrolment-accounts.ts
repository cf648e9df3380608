import { outcomeReason } from '../access/outcome-reason.ts'
import type { Judgement } from '../access/served.ts'
import type { Configuration } from '../config/schema.ts'
import { type AttributeAuthority, enrolmentIdentity } from '../enrolment/registration/enrolment-identity.ts'
import type { IdentityAnswer } from '../enrolment/registration/requester.ts'
import type { Authentication } from '../identity/authentication-order.ts'
import { reason } from '../reasons/index.ts'

/** What enrolment asks about an account. */
export type AccountQuestion =
  | {
      readonly by: 'password'
      readonly wholeName: string
      readonly password: Uint8Array
      readonly from: string
    }
  | { readonly by: 'name'; readonly wholeName: string }
  | { readonly by: 'id'; readonly id: string; readonly name: string }

/** The lock-out shield knows devices by client and station: for it the enrolment port is one more client. */
const CLIENT = 'enrolment'
const STATION_CHARACTERS = 64

/**
 * Asks the identity sources about an account as logins do: the same order, lock-out, shield and caches. What a directory
 * that is down said earlier counts for nothing: a certificate outlasts every outage.
 */
export async function enrolmentAccount(
  { order }: Pick<Judgement, 'order'>,
  configuration: Pick<Configuration, 'realms' | 'sources'>,
  question: AccountQuestion,
  now: number,
): Promise<IdentityAnswer> {
  const authentication = await ask(order, question, now)
  const { outcome, tried } = authentication
  const asked = 'wholeName' in question ? question.wholeName : question.name
  if (outcome.kind === 'authenticated') {
    const { user } = outcome
    if (user.lookup === 'offline') {
      const why = 'the directory is silent, and what it said earlier is not enough for a certificate'
      const silent = reason('source-unavailable', { user: user.name, source: user.source, why })
      return { kind: 'unavailable', reason: silent }
    }
    const authority = authorityOf(user.source, configuration)
    return { kind: 'known', identity: enrolmentIdentity(user, authority, configuration.realms) }
  }
  const why = outcomeReason({ ...authentication, outcome }, asked)
  // A source that tells nothing without a proof will tell nothing later either.
  const isSilent =
    outcome.kind === 'unavailable' &&
    !tried.some((word) => word.isPassedOver === true && word.outcome === outcome)
  return { kind: isSilent ? 'unavailable' : 'refused', reason: why }
}

async function ask(
  order: Judgement['order'],
  question: AccountQuestion,
  now: number,
): Promise<Authentication> {
  switch (question.by) {
    case 'password': {
      const { wholeName, password, from } = question
      const device = { client: CLIENT, station: from.slice(0, STATION_CHARACTERS), isLiveOnly: true } as const
      return await order.authenticate(wholeName, { form: 'password', password }, device)
    }
    case 'name':
      // Whoever vouches for the account proved it otherwise: a locked password stands against no certificate either.
      return await order.resolve(question.wholeName, { by: 'certificate', at: now }, { isLiveOnly: true })
    case 'id':
      return await order.byId(question.id)
  }
}

/** A winbind source has its accounts from the directory it names. */
function authorityOf(source: string, { sources }: Pick<Configuration, 'sources'>): AttributeAuthority {
  const settings = sources.find(({ name }) => name === source)
  switch (settings?.kind) {
    case 'winbind':
      return 'active-directory'
    case 'ldap':
      return settings.type === 'active-directory' ? 'active-directory' : 'directory'
    default:
      return 'none'
  }
}
