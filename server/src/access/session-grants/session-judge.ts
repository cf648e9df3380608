import type { Verdict } from '../../grants/grant-kind.ts'
import type { MacDirectory } from '../../identity/mac/stored-mac.ts'
import type { Receipt } from '../../journal/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type Authorization, compareFacts, decide, type Facts, mergeProfiles } from '../../policy/index.ts'
import type { Profile } from '../../policy/rule.ts'
import { reason } from '../../reasons/index.ts'
import type { Judgement } from '../served.ts'
import { accountBarred, accountNow } from './account-now.ts'
import type { CertificateStandings } from './certificate-standing.ts'
import type { SessionGrant } from './session-grant.ts'

export interface SessionJudgeParts {
  /** What logins are decided by now. */
  readonly judgement: () => Judgement
  readonly certificates: CertificateStandings
  readonly macs: MacDirectory
  /** Authorization profiles of a configuration version; undefined where it is not kept any more. */
  readonly profiles: (version: number) => Promise<readonly Profile[] | undefined>
  /** Vendor of a RADIUS client as configured now. */
  readonly vendor: (client: string) => string | undefined
  readonly clock: Clock
}

/** A receipt is written a moment after its answer has left, and a session may begin in between. */
const RECEIPT_LATE_MILLISECONDS = 60_000
const MOST_CHANGES = 20

/** Decides a session again: the facts of its receipt, with account, certificate and time as they are now. */
export class SessionJudge {
  readonly #parts: SessionJudgeParts

  constructor(parts: SessionJudgeParts) {
    this.#parts = parts
  }

  async decideAgain(session: SessionGrant): Promise<Verdict> {
    const { receipt } = session
    if (receipt === undefined) return this.#withoutReceipt(session)
    return this.decideReceipt(receipt)
  }

  async decideReceipt(receipt: Receipt): Promise<Verdict> {
    const { judgement, certificates, macs, vendor, clock } = this.#parts
    const { order, version, policy, time } = judgement()
    const before = receipt.facts as Facts // whole in a receipt that was decided, and only an accept opens a session
    const now = clock.now()
    const account = await accountNow(receipt, before, { order, macs, certificates, version, now })
    switch (account.kind) {
      case 'unknown':
        return { verdict: 'unknown', why: account.reason }
      case 'refused':
        return { verdict: 'revoke', why: account.reason, changes: [] }
      case 'outdated': {
        const why = reason('proof-outdated', { user: before.user.name, detail: account.detail })
        return { verdict: 'change', why, changes: [] }
      }
    }
    const client = { ...before.client, vendor: vendor(before.client.name) ?? before.client.vendor }
    const { user, mac } = account
    const facts: Facts = {
      ...before,
      user,
      client,
      time: time.facts(now),
      ...(mac === undefined ? {} : { mac }),
    }
    const decision = decide(policy, facts)
    if (decision.kind === 'reject') {
      return { verdict: 'revoke', why: decision.reason, changes: changesOf(before, facts) }
    }
    const given = await this.given(receipt)
    if (given !== undefined && sameAuthorization(given, decision.obligations)) return { verdict: 'keep' }
    const [old, current] = [receipt.profiles ?? [], decision.profiles]
    if (given === undefined && old.join('\n') === current.join('\n')) return { verdict: 'keep' }
    const why = reason('authorization-changed', {
      rule: decision.rule,
      before: versioned(old, receipt.configVersion),
      after: versioned(current, version),
    })
    return { verdict: 'change', why, changes: changesOf(before, facts) }
  }

  /** What the session got, by the profiles of the version that decided it. */
  async given({ profiles: names = [], configVersion }: Receipt): Promise<Authorization | undefined> {
    if (names.length === 0) return mergeProfiles([]).authorization
    const profiles = await this.#parts.profiles(configVersion)
    const named = names.map((name) => profiles?.find((profile) => profile.name === name))
    if (named.includes(undefined)) return undefined
    return mergeProfiles(named.filter((profile) => profile !== undefined)).authorization
  }

  async #withoutReceipt(session: SessionGrant): Promise<Verdict> {
    const { userName, lane: client, startedAt, decisionId } = session
    const { order } = this.#parts.judgement()
    const barred = userName === undefined ? undefined : await accountBarred(order, userName, startedAt)
    if (barred !== undefined && barred !== 'unknown') {
      return { verdict: 'revoke', why: barred, changes: [] }
    }
    const detail =
      decisionId === undefined
        ? 'accounting brought no Class of ours'
        : `receipt ${decisionId} is not kept any more`
    const why = reason('grant-undecidable', { user: userName, client, detail })
    const isRecent = this.#parts.clock.now() - startedAt < RECEIPT_LATE_MILLISECONDS
    const mayCome = barred === 'unknown' || (decisionId !== undefined && isRecent)
    return { verdict: mayCome ? 'unknown' : 'undecidable', why }
  }
}

function changesOf(before: Facts, now: Facts): readonly string[] {
  return compareFacts(before, now)
    .slice(0, MOST_CHANGES)
    .map(({ text }) => text)
}

function versioned(profiles: readonly string[], version: number): readonly string[] {
  return profiles.length === 0 ? ['nothing'] : profiles.map((name) => `${name} (version ${version})`)
}

function sameAuthorization(a: Authorization, b: Authorization): boolean {
  return canonical(a) === canonical(b)
}

/** What is done at a revocation was not sent to the device. The order of fields is that of the document, and means nothing; that of a list does. */
function canonical({ whenRevoked: _, ...given }: Authorization): string {
  return JSON.stringify(given, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
