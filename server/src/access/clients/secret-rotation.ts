import type { StoredSource } from './client-observation-store.ts'

/** How one address of a client stands in a change of its secret. Milliseconds since the epoch. */
export interface RotationAddress {
  readonly address: string
  /**
   * `new`: only the new secret since its last use of the old one, `old`: not yet changed over, `untold`: its requests prove
   * no secret, because they carry no Message-Authenticator.
   */
  readonly state: 'new' | 'old' | 'untold'
  readonly oldRequests: number
  readonly lastOldAt?: number
  readonly newRequests: number
  readonly lastNewAt?: number
}

export interface Rotation {
  readonly addresses: readonly RotationAddress[]
  readonly lastOldAt?: number
  /** Why the old secret must not be dropped yet, in plain words; empty: nothing speaks against it. */
  readonly obstacles: readonly string[]
}

const DAY = 86_400_000

/**
 * Who still uses the old secret. Proof is: every address seen used the new one last, and the old one has rested for
 * `quietDays`. An address that was never seen proves nothing either way, and no address at all proves nothing.
 */
export function rotationOf(
  sources: readonly StoredSource[],
  marks: { readonly old: string; readonly new: string },
  quietDays: number,
  now: number,
): Rotation {
  const addresses = sources.map((source) => addressOf(source, marks))
  const lastOldAt = addresses.reduce<number | undefined>(
    (latest, address) =>
      address.lastOldAt === undefined ? latest : Math.max(latest ?? 0, address.lastOldAt),
    undefined,
  )
  const namesOf = (state: RotationAddress['state']): string =>
    listed(addresses.filter((each) => each.state === state).map(({ address }) => address))
  const obstacles: string[] = []
  if (addresses.length === 0) obstacles.push('Nothing was seen of this client yet.')
  if (namesOf('old') !== '') obstacles.push(`Still on the old secret: ${namesOf('old')}.`)
  if (namesOf('untold') !== '') {
    obstacles.push(
      `No Message-Authenticator, so nobody can tell which secret is in use: ${namesOf('untold')}.`,
    )
  }
  if (lastOldAt !== undefined && now - lastOldAt < quietDays * DAY) {
    obstacles.push(`The old secret was used within the last ${quietDays} days.`)
  }
  return { addresses, obstacles, ...(lastOldAt === undefined ? {} : { lastOldAt }) }
}

function addressOf(
  { address, uses }: StoredSource,
  marks: { readonly old: string; readonly new: string },
): RotationAddress {
  const useOf = (mark: string) => uses.find((use) => use.secret_mark === mark)
  const [before, after, none] = [useOf(marks.old), useOf(marks.new), useOf('')]
  const told = Math.max(before?.last_used_at ?? 0, after?.last_used_at ?? 0)
  const state = stateOf()
  return {
    address,
    state,
    oldRequests: before?.requests ?? 0,
    newRequests: after?.requests ?? 0,
    ...(before === undefined ? {} : { lastOldAt: before.last_used_at }),
    ...(after === undefined ? {} : { lastNewAt: after.last_used_at }),
  }

  function stateOf(): RotationAddress['state'] {
    if (none !== undefined && none.last_used_at > told) return 'untold'
    return after !== undefined && after.last_used_at > (before?.last_used_at ?? 0) ? 'new' : 'old'
  }
}

const MOST_LISTED = 5

export function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED
  return more <= 0 ? names.join(', ') : `${names.slice(0, MOST_LISTED).join(', ')} and ${more} more`
}
