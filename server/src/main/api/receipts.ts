import { openConfiguration } from '../../config/secrets.ts'
import {
  diagnose,
  formatDiagnosis,
  ReceiptStore,
  type Receipt as StoredReceipt,
} from '../../journal/index.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Receipt, Services } from '../../listeners/https/services.ts'
import { compilePolicy, type Policy } from '../../policy/index.ts'
import { nearest } from '../../policy/suggestion.ts'
import { isReasonCode, REASON_CODES, render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function receiptApi({ reader, configuration, sealer, workers }: ApiParts): Services['receipts'] {
  const store = new ReceiptStore(reader)
  const policyOf = async (version: number): Promise<Policy | undefined> => {
    const { snapshot } = configuration
    const { rules, profiles } =
      snapshot.version === version
        ? snapshot.configuration
        : ((await storedConfiguration(version)) ?? { rules: [], profiles: [] })
    const compiled = compilePolicy(rules, profiles)
    return compiled.ok && rules.length > 0 ? compiled.policy : undefined
  }
  const storedConfiguration = async (version: number) => {
    try {
      return openConfiguration((await configuration.version(version)).document, sealer)
    } catch (error) {
      if (error instanceof RequestError) return undefined
      throw error
    }
  }
  return {
    list: async ({ user, client, outcome, reason, station, search, limit, cursor }) => {
      if (reason !== undefined) mustBeReasonCode(reason)
      const about = { user: user ?? search, client, outcome, reason, station }
      const page = await store.search({ ...about, limit, cursor })
      return { items: page.items.map(receiptOf), ...optional('next', page.next) }
    },
    underWay: async (about) => {
      const lists = await Promise.all(workers.map((worker) => worker.remote.loginsUnderWay(about)))
      return lists.flat().sort((a, b) => a.silentSeconds - b.silentSeconds)
    },
    get: async (id) => {
      const receipt = await store.get(id)
      return receipt === undefined ? undefined : { ...receiptOf(receipt), body: { ...receipt } }
    },
    explain: async (id) => {
      const receipt = await store.get(id)
      if (receipt === undefined) return undefined
      const [policy, lastAccept] = await Promise.all([
        policyOf(receipt.configVersion),
        store.lastAcceptBefore(receipt),
      ])
      const diagnosis = diagnose({ receipt, policy, lastAccept })
      const { outcome, sentence, nextStep, rules, changes, otherChanges } = diagnosis
      return {
        id,
        outcome,
        reason: diagnosis.reason,
        sentence,
        nextStep,
        text: formatDiagnosis(diagnosis),
        changes: changes.map(({ text }) => text),
        otherChanges: otherChanges.map(({ text }) => text),
        ...optional('trace', rules === undefined ? undefined : { rules }),
      }
    },
  }
}

function mustBeReasonCode(text: string): void {
  if (isReasonCode(text)) return
  const meant = nearest(text, REASON_CODES)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new RequestError(
    'request-invalid',
    `There is no reason "${text}".${hint} All of them: docs/errors/README.md`,
  )
}

function receiptOf(receipt: StoredReceipt): Receipt {
  const { id, at, network, outcome, reason, configVersion, user, method, inner, rule, facts } = receipt
  return {
    id,
    at: instant(at),
    client: network.client,
    outcome,
    reason: reason.code,
    sentence: render(reason).sentence,
    configVersion,
    ...optional('user', user),
    ...optional('method', inner === undefined ? method : `${method} (${inner})`),
    ...optional('rule', rule),
    ...optional('callingStationId', facts.request?.callingStationId),
  }
}
