import { VENDORS, type Vendor } from '../../config/sections/vendors.ts'
import { TERMS } from '../authorization-attributes.ts'
import { VENDOR_TERMS } from './index.ts'
import type { Certainty, TermName } from './term.ts'

/** docs/vendor-attributes.md, generated from the tables (`npm run generate`). */
export function vendorReference(): string {
  return `${[INTRODUCTION, overview(), ...VENDORS.map(section)].join('\n\n')}\n`
}

const INTRODUCTION = `# What a profile becomes for each vendor

Generated from the tables in \`server/src/access/vendors/\`; do not edit. How to use it:
[authorization profiles](guides/authorization-profiles.md).

How sure an entry is: **rfc**: a standard says so. **vendor**: a document of the vendor says so. **tested**: seen at work
in a test of Sallyport. **memory**: what the field commonly does; look at it with \`sallyport reply\` and on the device
before you rely on it. Where a cell is empty, the vendor has no attribute for the term: such an accept is refused
([reply-unbuildable](errors/reply-unbuildable.md)), and \`apply\` warns.`

const NAMES = Object.keys(TERMS) as TermName[] // what TERMS is checked to list

function overview(): string {
  const rows = NAMES.map((name) => {
    const cells = VENDORS.map((vendor) => VENDOR_TERMS[vendor][name]?.certainty ?? '')
    return `| \`${name}\` | ${cells.join(' | ')} |`
  })
  return [`| term | ${VENDORS.join(' | ')} |`, `|---${'|---'.repeat(VENDORS.length)}|`, ...rows].join('\n')
}

function section(vendor: Vendor): string {
  const rows = NAMES.flatMap((name) => {
    const said: { readonly source: string; readonly certainty: Certainty } | undefined =
      VENDOR_TERMS[vendor][name]
    return said === undefined ? [] : [`| \`${name}\` | ${said.source} | ${said.certainty} |`]
  })
  return [`## \`${vendor}\``, ['| term | attributes | |', '|---|---|---|', ...rows].join('\n')].join('\n\n')
}
