import { stringify } from 'yaml'
import type { Clock } from '../kernel/clock.ts'
import { RequestError } from '../kernel/errors.ts'
import type { Remote } from '../kernel/rpc.ts'
import type { Sealer } from '../kernel/seal.ts'
import { type AddressVerification, ClientAddressBook, type NameState } from './client-addresses.ts'
import type { DataSection } from './data-section.ts'
import type { ResolveName } from './dns-resolver.ts'
import { checkConfiguration, isUnchanged, makePlan, type Plan } from './plan.ts'
import type { Check, Problem } from './problem.ts'
import { type Configuration, EMPTY_CONFIGURATION } from './schema.ts'
import { type GeneratedSecret, openConfiguration, withReferences } from './secrets.ts'
import { deepFreeze, type Snapshot } from './snapshot.ts'
import type { StoredVersion, VersionStore, VersionSummary } from './version-store.ts'

export interface ConfigurationServiceOptions {
  readonly versions: Remote<VersionStore>
  readonly sealer: Sealer
  /** In the order they are written: groups before users. */
  readonly sections: readonly DataSection[]
  /** Checks of the features, besides those of config/. */
  readonly checks: readonly Check[]
  readonly clock: Clock
  readonly resolve: ResolveName
  /** Hands a new snapshot to whoever serves from it; resolves when they do. Never rejects. */
  readonly publish: (snapshot: Snapshot) => Promise<void> | void
}

export interface ApplyOptions {
  /** The version the author looked at; refused where the plan was made on another. */
  readonly baseVersion?: number
  readonly author: string
  readonly comment?: string
}

export interface Applied {
  readonly version: number
  /** False: the document said what is there already, and no version was made. */
  readonly changed: boolean
  /** Secrets the server made: shown this once. */
  readonly generated: readonly GeneratedSecret[]
}

export interface RolledBack {
  readonly version: number
  /** Data that changed otherwise since and was left alone: `users/alice`. */
  readonly leftAlone: readonly string[]
}

/**
 * The configuration of this node: plans and applies changes, publishes snapshots. Main thread. A change is whole: checked,
 * then stored in one transaction, then published, and only then reported as done: the next request meets it. Where any step
 * fails the old snapshot keeps serving.
 */
export class ConfigurationService {
  readonly #options: ConfigurationServiceOptions
  readonly #addresses: ClientAddressBook
  #version = 0
  #revision = 0
  #configuration: Configuration = EMPTY_CONFIGURATION
  #snapshot: Snapshot

  constructor(options: ConfigurationServiceOptions) {
    this.#options = options
    this.#addresses = new ClientAddressBook({
      resolve: options.resolve,
      clock: options.clock,
      changed: () => void this.#publish(),
    })
    this.#snapshot = this.#makeSnapshot()
  }

  /** Loads the latest version and publishes it. Without one, the empty configuration (it accepts nobody) is version 0. */
  async start(): Promise<void> {
    if (!(await this.refresh())) await this.#publish()
  }

  close(): void {
    this.#addresses.close()
  }

  get snapshot(): Snapshot {
    return this.#snapshot
  }

  /** DNS names of clients, with what went wrong. */
  get clientNames(): readonly NameState[] {
    return this.#addresses.names()
  }

  /** Takes over a version another node stored. Resolves to true where there was one. */
  async refresh(): Promise<boolean> {
    if ((await this.#options.versions.latestNumber()) <= this.#version) return false
    const latest = await this.#options.versions.latest()
    // Another change of this node may have been faster.
    if (latest === undefined || latest.number <= this.#version) return false
    await this.#serve(latest.number, openConfiguration(latest.document, this.#options.sealer))
    return true
  }

  /** Compares a YAML text with what is served. Never throws for a bad text: the plan lists its problems. */
  async plan(text: string, { prune = false } = {}): Promise<Plan> {
    await this.refresh()
    return makePlan(text, {
      ...this.#options,
      baseVersion: this.#version,
      current: this.#configuration,
      prune,
    })
  }

  /** @throws RequestError 'configuration-invalid' (values.problems), 'version-conflict' */
  async apply(plan: Plan, { baseVersion, author, comment = '' }: ApplyOptions): Promise<Applied> {
    if (plan.prepared === undefined) throw invalid(plan.problems)
    if (baseVersion !== undefined && baseVersion !== plan.baseVersion) {
      throw new RequestError(
        'version-conflict',
        `The configuration is at version ${plan.baseVersion}; this change was made for version ${baseVersion}. Look at the difference again.`,
        { base: baseVersion, current: plan.baseVersion },
      )
    }
    if (isUnchanged(plan)) return { version: plan.baseVersion, changed: false, generated: [] }
    const { configuration, document, writes, generated } = plan.prepared
    const { version } = await this.#options.versions.commit({
      baseVersion: plan.baseVersion,
      document,
      at: this.#options.clock.now(),
      author,
      comment,
      writes,
    })
    await this.#serve(version, configuration)
    return { version, changed: true, generated }
  }

  /**
   * Makes a new version with the content of an old one and takes back what applies did to data since.
   *
   * @throws RequestError 'no-such-version', 'configuration-invalid', 'version-conflict'
   */
  async rollback(target: number, { author, comment, baseVersion }: ApplyOptions): Promise<RolledBack> {
    await this.refresh()
    const old = await this.version(target)
    const configuration = openConfiguration(old.document, this.#options.sealer)
    const errors = checkConfiguration(configuration, this.#options.checks).filter(
      (problem) => problem.severity === 'error',
    )
    if (errors.length > 0) throw invalid(errors)
    const { version, leftAlone } = await this.#options.versions.commit({
      baseVersion: baseVersion ?? this.#version,
      document: old.document,
      at: this.#options.clock.now(),
      author,
      comment: comment ?? `Rollback to version ${target}`,
      writes: [],
      undoAfter: target,
    })
    await this.#serve(version, configuration)
    return { version, leftAlone }
  }

  /** The whole document as YAML, secrets as references, passwords left out. Applying it changes nothing. */
  async export(): Promise<string> {
    await this.refresh()
    const document: Record<string, unknown> = { ...withReferences(this.#configuration) }
    for (const section of this.#options.sections) {
      const items = await section.export()
      if (items !== undefined) document[section.name] = items
    }
    return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
  }

  /** Newest first. */
  versions(page: { limit?: number; before?: number } = {}): Promise<VersionSummary[]> {
    return this.#options.versions.list(page)
  }

  /** @throws RequestError 'no-such-version' */
  async version(number: number): Promise<StoredVersion> {
    const version = await this.#options.versions.get(number)
    if (version === undefined) {
      throw new RequestError('no-such-version', `There is no version ${number}.`, { version: number })
    }
    return version
  }

  /** Shows what a client's address means now. */
  verifyAddress(address: string): Promise<AddressVerification> {
    return this.#addresses.verify(address)
  }

  async #serve(version: number, configuration: Configuration): Promise<void> {
    // Two changes of this node may come back in either order.
    if (version <= this.#version) return
    this.#version = version
    this.#configuration = configuration
    this.#addresses.update(configuration.clients)
    await this.#publish()
  }

  async #publish(): Promise<void> {
    this.#snapshot = this.#makeSnapshot()
    await this.#options.publish(this.#snapshot)
  }

  #makeSnapshot(): Snapshot {
    return deepFreeze({
      version: this.#version,
      revision: ++this.#revision,
      configuration: this.#configuration,
      clientAddresses: this.#addresses.networks(),
    })
  }
}

function invalid(problems: readonly Problem[]): RequestError {
  const errors = problems.filter((problem) => problem.severity === 'error')
  return new RequestError(
    'configuration-invalid',
    `The configuration has ${errors.length} error${errors.length === 1 ? '' : 's'}; nothing was changed.`,
    { problems },
  )
}
