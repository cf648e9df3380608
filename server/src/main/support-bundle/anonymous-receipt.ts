import type { Receipt } from '../../journal/index.ts'

export type Pseudonym = (text: string) => string

/** Values of reasons that tell of the site and its equipment, never of a person. */
const OF_NO_PERSON: ReadonlySet<string> = new Set([
  ...[
    'client',
    'rule',
    'method',
    'inner',
    'inside',
    'allowed',
    'allowedInside',
    'offered',
    'wanted',
    'found',
  ],
  ...['source', 'sources', 'realm', 'serverName', 'issuer', 'alert', 'error', 'form', 'storage', 'step'],
  ...['since', 'until', 'notBefore', 'notAfter', 'revokedAt', 'now', 'attribute', 'limit'],
])

/** What a receipt says without saying of whom: an own list of what goes in, so that a new field does not slip in. */
export function anonymousReceipt(receipt: Receipt, pseudonym: Pseudonym): object {
  const { id, at, configVersion, outcome, reason, network, method, inner, rule, profiles } = receipt
  const { user, shadow, eap, timings, decided, facts } = receipt
  const station = facts.request?.callingStationId
  return {
    ...{
      id,
      at,
      configVersion,
      outcome,
      network,
      method,
      inner,
      rule,
      profiles,
      shadow,
      eap,
      timings,
      decided,
    },
    user: user === undefined ? undefined : pseudonym(user),
    station: station === undefined ? undefined : pseudonym(station),
    reason: { code: reason.code, values: anonymousValues(reason.values, pseudonym) },
    facts: { client: facts.client, time: facts.time, groups: facts.user?.groups },
    replied: receipt.reply?.map(({ name }) => name),
  }
}

function anonymousValues(
  values: Readonly<Record<string, unknown>>,
  pseudonym: Pseudonym,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isSaid = typeof value === 'number' || OF_NO_PERSON.has(name)
      return [name, isSaid || value === undefined ? value : pseudonym(String(value))]
    }),
  )
}
