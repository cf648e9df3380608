import type { ConnectionKind, VpnConnection, WifiConnection, WiredConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { ClientSystem, Finding } from '../profile-output.ts'
import type { Label } from './label.ts'
import type { VpnAbilities } from './parts/abilities.ts'
import type { Phrase, Value } from './phrase.ts'

/** A field of a form and what is put into it. */
export interface FieldRow {
  readonly label: Label | Phrase
  readonly value: Value
}

/** What somebody does next; with the fields of the form it is about, or a line to be typed. */
export interface Step {
  readonly say: Phrase
  readonly fields?: readonly FieldRow[]
  readonly command?: string
}

export type Block =
  | { readonly kind: 'paragraph'; readonly say: Phrase }
  | { readonly kind: 'warning'; readonly say: Phrase }
  | { readonly kind: 'list'; readonly items: readonly Phrase[] }
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'fields'; readonly fields: readonly FieldRow[] }
  /** What is seen, and what to do about it. */
  | { readonly kind: 'cures'; readonly rows: readonly { readonly seen: Phrase; readonly cure: Phrase }[] }

export interface Section {
  readonly title: Phrase
  readonly blocks: readonly Block[]
}

/** How one system does one kind of connection. */
export interface GuidePart<Connection extends ProfileInput['connection']> {
  /** Why it cannot, and what gets lost where it can. */
  findings(input: ProfileInput<Connection>): readonly Finding[]
  /** Tunnels of a VPN it has steps for; the others are not mentioned on its pages. Absent: all of them. */
  readonly abilities?: VpnAbilities
  /** Called only where `findings` has no obstacle; what every page has stands around it. */
  sections(input: ProfileInput<Connection>): readonly Section[]
}

/** The steps of one system. Data alone: a renderer makes a page of it. */
export interface Guide {
  /** `windows-11`; the output is `guide-windows-11`, the page docs/connect/windows-11.md. */
  readonly id: string
  /** As its maker writes it; where it has to be translated, a phrase. */
  readonly name: string | Phrase
  /** Where it is not "VPN on NAME". */
  readonly title?: Phrase
  /** It stands for itself: what is needed and which server is right stand on the pages of the systems. */
  readonly isBare?: boolean
  readonly system: ClientSystem
  /** PKCS #12 as it reads it, where a certificate can come along as a file; legacy = 3DES and SHA-1. */
  readonly container?: 'modern' | 'legacy'
  readonly vpn?: GuidePart<VpnConnection>
  readonly wifi?: GuidePart<WifiConnection>
  readonly wired?: GuidePart<WiredConnection>
}

export function kindsOf(guide: Guide): readonly ConnectionKind[] {
  return (['vpn', 'wifi', 'wired'] as const).filter((kind) => guide[kind] !== undefined)
}
