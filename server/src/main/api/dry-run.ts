import { dryReply, formatDryReply } from '../../access/dry-run.ts'
import { serveClient } from '../../access/served-client.ts'
import { formatRules } from '../../journal/diagnosis.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { DryReply, Services } from '../../listeners/https/services.ts'
import { mergeProfiles } from '../../policy/authorization.ts'
import { nearest } from '../../policy/suggestion.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { optional } from './instant.ts'

/** What would be answered, and why; nothing is sent, counted or kept. */
export function dryRunApi({ configuration, workers, clock }: ApiParts): Services['dryRuns'] {
  return {
    reply: async (clientName, { profiles: names, user }) => {
      const { clients, profiles } = configuration.snapshot.configuration
      const client = serveClient(named('RADIUS client', clients, clientName))
      const { authorization } = mergeProfiles(names.map((name) => named('profile', profiles, name)))
      const decision = {
        kind: 'accept',
        reason: reason('accepted', { rule: 'dry run' }),
        profiles: names,
        obligations: authorization,
        shadow: [],
      } as const
      const reply = dryReply(decision, user, client)
      return { ...replyOf(reply), text: formatDryReply(reply).join('\n') }
    },
    tryPolicy: async ({ client, method, inner, address, ...login }) => {
      const { configuration: current, clientAddresses } = configuration.snapshot
      const { name } = named('RADIUS client', current.clients, client)
      const networks = clientAddresses.find((entry) => entry.client === name)?.networks ?? []
      const tried = await firstOf(workers).remote.tryPolicy(name, {
        ...login,
        method,
        inner: inner ?? (method === 'peap' || method === 'eap-ttls' ? 'eap-mschapv2' : undefined),
        address: address ?? networks[0]?.split('/')[0] ?? '',
        now: clock.now(),
      })
      const { user, realm, groups, reply, rule, rules = [], profiles } = tried
      const { sentence } = render(reply.reason)
      const lines = [
        `${reply.outcome.toUpperCase()} ${user} through ${name}, were the proof right`,
        `${sentence} (${reply.reason.code})`,
        `Realm ${realm || '-'}, groups ${groups.join(', ') || '-'}, profiles ${profiles.join(', ') || '-'}`,
        ...(rules.length === 0 ? [] : ['', ...formatRules(rules)]),
        '',
        ...formatDryReply(reply),
      ]
      return {
        ...replyOf(reply),
        user,
        realm,
        groups,
        profiles,
        trace: rules,
        ...optional('rule', rule),
        text: lines.join('\n'),
      }
    },
  }
}

function replyOf(reply: {
  readonly outcome: 'accept' | 'reject'
  readonly reason: Reason
  readonly attributes: DryReply['attributes']
  readonly octets: number
}): Omit<DryReply, 'text'> {
  const { sentence, nextStep } = render(reply.reason)
  const { outcome, attributes, octets } = reply
  return { outcome, reason: reply.reason.code, sentence, nextStep, attributes, octets }
}

function named<Named extends { readonly name: string }>(
  what: string,
  all: readonly Named[],
  name: string,
): Named {
  const found = all.find((each) => each.name === name)
  if (found !== undefined) return found
  const meant = nearest(
    name,
    all.map((each) => each.name),
  )
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
  throw new RequestError('not-found', `There is no ${what} "${name}".${hint}`)
}

/** Every worker decides alike. */
function firstOf(workers: ApiParts['workers']): ApiParts['workers'][number] {
  const [worker] = workers
  if (worker === undefined) throw new TypeError('there is no RADIUS worker')
  return worker
}
