import type { Counterpart } from './debian.ts'

/** One line of a scenario's report, one subtest of `npm test`. */
export interface LabCase<House> {
  readonly name: string
  /** Why it cannot run here, as found out by the house; undefined where it can. In CI it must. */
  obstacle?(house: House): string | undefined
  /** Throws where something is not as it must be. Returns what was seen, in a few words. */
  run(house: House): Promise<string>
}

/** Real counterparts against the real product, from nothing; everything it starts ends with the house. */
export interface Scenario<House extends AsyncDisposable> {
  readonly name: string
  readonly summary: string
  /** Debian packages it needs. */
  readonly counterparts: readonly Counterpart[]
  /** Why it cannot run on this machine, whatever is installed; undefined where it can. */
  readonly obstacle?: () => string | undefined
  open(): Promise<House>
  /** In order; a case leaves the house as it found it. */
  readonly cases: readonly LabCase<House>[]
}
