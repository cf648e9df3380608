import type { ConfigurationService } from '../../config/apply.ts'
import { openConfiguration } from '../../config/secrets.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Profile } from '../../policy/index.ts'

/** Live sessions rest on few versions; each costs some kilobytes. */
const MOST_VERSIONS = 16

/** The authorization profiles of configuration versions, as sessions got them. */
export class KeptProfiles {
  readonly #configuration: Pick<ConfigurationService, 'version'>
  readonly #sealer: Sealer
  readonly #versions = new Map<number, Promise<readonly Profile[] | undefined>>()

  constructor(configuration: Pick<ConfigurationService, 'version'>, sealer: Sealer) {
    this.#configuration = configuration
    this.#sealer = sealer
  }

  /** undefined: the version is not kept. */
  of(version: number): Promise<readonly Profile[] | undefined> {
    let profiles = this.#versions.get(version)
    if (profiles === undefined) {
      const [oldest] = this.#versions.keys()
      if (oldest !== undefined && this.#versions.size >= MOST_VERSIONS) this.#versions.delete(oldest)
      profiles = this.#read(version)
      this.#versions.set(version, profiles)
      // A failure is not the answer for good.
      profiles.catch(() => this.#versions.delete(version))
    }
    return profiles
  }

  async #read(version: number): Promise<readonly Profile[] | undefined> {
    try {
      const { document } = await this.#configuration.version(version)
      return openConfiguration(document, this.#sealer).profiles
    } catch (error) {
      if (error instanceof RequestError) return undefined
      throw error
    }
  }
}
