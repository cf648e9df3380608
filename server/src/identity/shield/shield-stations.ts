import type { ShieldedStation } from './shield-owner.ts'

/** One device as one account knows it. Times in milliseconds since the epoch. */
export interface Station {
  client: string | undefined
  /** Wrong passwords since its last right one, as far as the directory was asked. */
  failures: number
  lastFailureAt: number
  stopped: number
  lastStoppedAt: number
  /** Its last right password, and the stamp the account's password had then. */
  goodAt: number | undefined
  goodStamp: string | undefined
}

/** Devices kept of one account, and how many of them may be ones that logged in. */
const STATIONS = 32
const KNOWN_STATIONS = 16
/** After so long without a login a device is like any other. */
const GOOD_FOR = 90 * 24 * 3_600_000

/**
 * The devices of one account. Who sends wrong passwords under ever new names makes the table forget others who did,
 * and never a device that logged in: what those names cost the account is counted elsewhere.
 */
export class Stations {
  /** The least lately used first. */
  readonly #stations = new Map<string, Station>()

  find(name: string, now: number): Station | undefined {
    const station = this.#stations.get(name)
    if (station?.goodAt !== undefined && now - station.goodAt >= GOOD_FOR) station.goodAt = undefined
    return station
  }

  /** The device, to be written to. */
  touch(name: string, client: string | undefined): Station {
    const station = this.#stations.get(name) ?? newStation()
    station.client = client ?? station.client
    this.#stations.delete(name)
    this.#stations.set(name, station)
    this.#forgetSome()
    return station
  }

  /** Notes an attempt that was stopped; devices nobody has seen yet only while there is room. */
  noteStopped(name: string, client: string | undefined, now: number): Station {
    const isNew = !this.#stations.has(name)
    const station = isNew && this.#stations.size >= STATIONS ? newStation() : this.touch(name, client)
    station.stopped++
    station.lastStoppedAt = now
    return station
  }

  /** The account has a new password: what devices did with the old one holds none of them back. */
  pardon(name?: string): void {
    for (const [of, station] of this.#stations) {
      if (name !== undefined && of !== name) continue
      station.failures = 0
      station.stopped = 0
    }
  }

  /** Devices with failures or stopped attempts. */
  report(heldUntil: (station: Station) => number | undefined): ShieldedStation[] {
    const reports: ShieldedStation[] = []
    for (const [name, station] of this.#stations) {
      const { client, failures, lastFailureAt, stopped, lastStoppedAt, goodAt } = station
      if (failures === 0 && stopped === 0) continue
      const until = heldUntil(station)
      reports.push({
        station: name,
        failures,
        stopped,
        ...(client !== undefined && { client }),
        ...(failures > 0 && { lastFailureAt }),
        ...(stopped > 0 && { lastStoppedAt }),
        ...(until !== undefined && { heldUntil: until }),
        ...(goodAt !== undefined && { lastSuccessAt: goodAt }),
      })
    }
    return reports
  }

  #forgetSome(): void {
    const known = [...this.#stations].filter(([, { goodAt }]) => goodAt !== undefined)
    const tooManyKnown = known.length > KNOWN_STATIONS
    if (this.#stations.size <= STATIONS && !tooManyKnown) return
    const [oldest] = known
    for (const [name, { goodAt }] of this.#stations) {
      if (tooManyKnown ? name !== oldest?.[0] : goodAt !== undefined) continue
      this.#stations.delete(name)
      return
    }
  }
}

function newStation(): Station {
  return {
    client: undefined,
    failures: 0,
    lastFailureAt: 0,
    stopped: 0,
    lastStoppedAt: 0,
    goodAt: undefined,
    goodStamp: undefined,
  }
}
