import { CallingStationId } from '@sallyport/radius/attributes'
import { searchKey, stationKey } from '../../journal/receipt-row.ts'
import { type Reason, render } from '../../reasons/index.ts'
import { stepOf } from './abandoned-reason.ts'
import type { EapConversation } from './eap-conversation.ts'

/** A login that is not decided yet. */
export interface LoginUnderWay {
  readonly client: string
  /** The outer identity: nobody has proved it. */
  readonly user?: string
  readonly station?: string
  readonly method?: string
  /** Since it began, and since the last word of the device. */
  readonly seconds: number
  readonly silentSeconds: number
  /** A sentence: what the device did last, or was told. */
  readonly last: string
}

/** Whose logins are asked for. */
export interface AboutLogin {
  readonly user?: string | undefined
  readonly client?: string | undefined
  readonly station?: string | undefined
}

/** `told`: why it was refused, where it was told and may still answer. */
export function loginUnderWay(
  conversation: EapConversation,
  told: Reason | undefined,
  now: number,
): LoginUnderWay {
  const { client, identity: user, method, standing, startedAt, latest } = conversation
  const station = latest.packet.get(CallingStationId)
  return {
    client,
    ...(user === undefined ? {} : { user }),
    ...(station === undefined ? {} : { station }),
    ...(method === undefined ? {} : { method }),
    seconds: Math.round((now - startedAt) / 1000),
    silentSeconds: Math.round((now - latest.startedAt) / 1000),
    last:
      told === undefined
        ? `The last that is known of the device: ${stepOf(standing)}.`
        : `The device was told: ${render(told).sentence}`,
  }
}

/** Names as receipts hold them: with or without realm, in any case. */
export function isAbout(login: LoginUnderWay, { user, client, station }: AboutLogin): boolean {
  if (client !== undefined && client !== login.client) return false
  if (
    station !== undefined &&
    (login.station === undefined || stationKey(station) !== stationKey(login.station))
  )
    return false
  if (user === undefined) return true
  const name = searchKey(login.user ?? '')
  return searchKey(user) === name || searchKey(user) === bare(name)
}

function bare(name: string): string {
  return /^(?:.*\\)?([^@\\]+)(?:@.*)?$/.exec(name)?.[1] ?? name
}
