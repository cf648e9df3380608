import type { Configuration } from './schema.ts'

/** One thing wrong, or doubtful, in a document. */
export interface Problem {
  /** Where, readable: `clients/vpn-1/address`. List members go by their name, else by their position. */
  readonly path: string
  /** Line in the YAML text, from 1; absent where the object did not come from this text. */
  readonly line?: number
  readonly severity: 'error' | 'warning'
  /** Stable; the message may change. */
  readonly code: string
  readonly message: string
  /** What was probably meant. */
  readonly suggestion?: string
}

/** A rule over the whole configuration. Features add theirs (policy: conditions; identity: methods no source can check). */
export type Check = (configuration: Configuration, document: DataOfDocument) => readonly Problem[]

/** The data sections as the document wrote them (users, groups); empty where only the configuration is checked. */
export type DataOfDocument = Readonly<Record<string, readonly unknown[] | undefined>>
