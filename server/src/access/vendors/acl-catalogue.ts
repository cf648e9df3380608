import { ConfigError } from '../../kernel/errors.ts'
import type { Profile } from '../../policy/rule.ts'
import type { MaskStyle } from './acl-lines.ts'
import { downloadableAcl } from './downloadable-acl.ts'

/** Whose devices download lists, and how they write masks. */
const STYLES: Readonly<Record<string, MaskStyle>> = {
  cisco: 'wildcard',
  'cisco-wlc': 'wildcard',
  'cisco-asa': 'netmask',
}

/** Every list a device may ask for, of one configuration version. */
export class AclCatalogue {
  readonly #lists: Readonly<Record<MaskStyle, ReadonlyMap<string, readonly string[]>>>

  constructor(profiles: readonly Profile[]) {
    this.#lists = { wildcard: listsOf(profiles, 'wildcard'), netmask: listsOf(profiles, 'netmask') }
  }

  static isFor(vendor: string): boolean {
    return Object.hasOwn(STYLES, vendor)
  }

  /** The entries of a list for a device of this vendor. */
  find(name: string, vendor: string): readonly string[] | undefined {
    const style = Object.hasOwn(STYLES, vendor) ? STYLES[vendor] : undefined
    return style === undefined ? undefined : this.#lists[style].get(name)
  }
}

function listsOf(profiles: readonly Profile[], style: MaskStyle): Map<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>()
  for (const { name: aclOf, acl } of profiles) {
    if (typeof acl !== 'object') continue
    try {
      const { name, entries } = downloadableAcl(acl, { aclOf }, style)
      lists.set(name, entries)
    } catch (error) {
      // A list these devices cannot express is in no accept to them, so none asks for it.
      if (!(error instanceof ConfigError)) throw error
    }
  }
  return lists
}
