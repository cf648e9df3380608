import type { Clock } from '../../../kernel/clock.ts'
import type { DirectoryEntry, DirectorySearch } from '../directory.ts'
import { fileSpan } from './file-time.ts'

/** Of the domain, or of a password settings object that stands above it. Absent: could not be read. */
export interface PasswordSettings {
  /** 0: never locked. */
  readonly lockoutThreshold?: number
  /** Absent beside a threshold: until an administrator unlocks it. */
  readonly lockoutMilliseconds?: number
  readonly observationMilliseconds?: number
  /** Absent: passwords do not age. */
  readonly maximumAgeMilliseconds?: number
}

const OBJECT = {
  threshold: 'msDS-LockoutThreshold',
  lockout: 'msDS-LockoutDuration',
  observation: 'msDS-LockoutObservationWindow',
  age: 'msDS-MaximumPasswordAge',
} as const

const MAY_BE_OLD_MILLISECONDS = 10 * 60 * 1000
/** Domains have a handful. */
const MOST_KNOWN = 256

/**
 * Password settings objects (MS-ADTS section 3.1.1.4.5), each read once in ten minutes. By default only domain administrators
 * may read them: then how soon the account locks is not known (`checkServiceAccountRights` says how to grant it).
 */
export class PasswordSettingsObjects {
  readonly #clock: Clock
  readonly #known = new Map<
    string,
    { readonly settings: PasswordSettings | undefined; readonly at: number }
  >()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Undefined: may not be read, or not now. */
  async read(
    directory: DirectorySearch,
    dn: string,
    deadlineMilliseconds: number,
  ): Promise<PasswordSettings | undefined> {
    const known = this.#known.get(dn)
    if (known !== undefined && this.#clock.monotonic() - known.at < MAY_BE_OLD_MILLISECONDS)
      return known.settings
    const answer = await directory.search({
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: Object.values(OBJECT),
      limit: 1,
      deadlineMilliseconds,
    })
    if (answer.kind === 'unavailable') return known?.settings
    const entry = answer.kind === 'entries' ? answer.entries[0] : undefined
    const settings = entry?.text(OBJECT.threshold) === undefined ? undefined : passwordSettings(entry, OBJECT)
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(dn, { settings, at: this.#clock.monotonic() })
    return settings
  }
}

/** @param names of the attributes, which differ between the domain and a password settings object */
export function passwordSettings(
  entry: DirectoryEntry | undefined,
  names: { readonly [Setting in keyof typeof OBJECT]: string },
): PasswordSettings {
  const threshold = entry?.text(names.threshold)
  const lockout = fileSpan(entry?.text(names.lockout))
  const observation = fileSpan(entry?.text(names.observation))
  const age = fileSpan(entry?.text(names.age))
  return {
    ...(threshold !== undefined && /^\d{1,5}$/.test(threshold) && { lockoutThreshold: Number(threshold) }),
    ...(lockout !== undefined && { lockoutMilliseconds: lockout }),
    ...(observation !== undefined && { observationMilliseconds: observation }),
    ...(age !== undefined && { maximumAgeMilliseconds: age }),
  }
}
