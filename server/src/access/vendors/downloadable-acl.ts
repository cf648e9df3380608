import { createHash } from 'node:crypto'
import type { Authorization } from '../../policy/rule.ts'
import { type AclRule, parseAccessList, rulesOf } from './access-list.ts'
import { ciscoEntry, type MaskStyle } from './acl-lines.ts'

/** What a Cisco device asks for by name once an accept named it. */
export interface DownloadableAcl {
  /** `#ACSACL#-IP-staff-1a2b3c4d`: the version is a digest of the lines, so a device keeps what did not change. */
  readonly name: string
  readonly entries: readonly string[]
}

export const DOWNLOAD_PREFIX = '#ACSACL#-IP-'

/** Switches keep a few dozen characters of a name. */
const LONGEST_NAME = 32

/** @throws ConfigError where a line is wrong, or a Cisco device cannot express it */
export function downloadableAcl(
  lines: readonly string[],
  { aclOf = 'acl' }: Pick<Authorization, 'aclOf'>,
  style: MaskStyle,
): DownloadableAcl {
  // ASA has one kind of list for both families (its `any` means both); IOS has one for each.
  const rules = parseAccessList(lines)
  const entries =
    style === 'netmask'
      ? rules.map((rule) =>
          asaEntry(ciscoEntry(rule, rule.family ?? 4, style), rule.family, rule.peer === 'any'),
        )
      : iosEntries(rules)
  const label = aclOf.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, LONGEST_NAME)
  const version = createHash('sha256').update(entries.join('\n')).digest('hex').slice(0, 8)
  return { name: `${DOWNLOAD_PREFIX}${label}-${version}`, entries }
}

/** A list without entries would let everything pass; one that speaks of IPv6 alone lets no IPv4 pass. */
function iosEntries(rules: readonly AclRule[]): string[] {
  const entries = rulesOf(rules, 4).map((rule) => ciscoEntry(rule, 4, 'wildcard'))
  return entries.length > 0 ? entries : ['deny ip any any']
}

/** `any4` and `any6` where a line speaks of one family but names no address of it. */
function asaEntry(entry: string, family: 4 | 6 | undefined, isAny: boolean): string {
  if (family === undefined) return entry
  const any = `any${family}`
  return isAny ? entry.replaceAll(/\bany\b/g, any) : entry.replace(/\bany\b/, any)
}
