import type { Random } from './random.ts'

/** Something that takes input from strangers. */
export interface FuzzTarget {
  readonly name: string
  /** Cases for each packet that is asked for: what costs more is tried less often. */
  readonly share: number
  open(): Promise<OpenTarget>
}

export interface OpenTarget {
  /**
   * Makes one case, tells its octets before trying them (so that they are known whatever happens), tries them, and says in
   * a word what came of it. Throws on anything that must not happen.
   */
  attempt(random: Random, tell: (input: Uint8Array) => void): string | Promise<string>
  /** Throws where the target does not do its work any more. */
  close(): void | Promise<void>
}

/** What must not happen, and did. */
export class Finding extends Error {
  override readonly name = 'Finding'
}
