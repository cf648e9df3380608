import type { AuditStore } from '../../../journal/index.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Remote } from '../../../kernel/rpc.ts'
import type { LinkRecord } from '../../../profiles/links/profile-link-store.ts'

export interface LinkEvent {
  readonly action?: 'link.use' | 'link.create'
  readonly from: string
  readonly outcome: 'done' | 'refused'
  readonly details: Readonly<Record<string, unknown>>
}

/** What became of a link stands in the trail, beside who made it (which the API writes). */
export async function auditLink(
  { audit, clock }: { readonly audit: Pick<Remote<AuditStore>, 'record'>; readonly clock: Clock },
  { id, user_name: actor }: Pick<LinkRecord, 'id' | 'user_name'>,
  { action = 'link.use', from: origin, outcome, details }: LinkEvent,
): Promise<void> {
  const target = `/api/v1/links/${id}`
  await audit.record({ at: clock.now(), actor, action, target, outcome, origin, details })
}
