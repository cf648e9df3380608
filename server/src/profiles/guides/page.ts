import type { Language } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { Guide, GuidePart, Section } from './guide.ts'
import { waysIn } from './parts/abilities.ts'
import { beforeSection } from './parts/before.ts'
import { titleOf } from './parts/facts.ts'
import { helpSection } from './parts/help.ts'
import { serverCheckSection } from './parts/server-check.ts'
import { named, type Phrase, say, type Value, words } from './phrase.ts'

/** A guide for one connection, before it is written in some format. */
export interface Page {
  readonly language: Language
  readonly title: Phrase
  /** What the guide is for. */
  readonly system: Value
  readonly subtitle: Phrase
  readonly organization: string
  /** PNG in base64. */
  readonly logo?: string
  readonly sections: readonly Section[]
  readonly foot: Phrase
}

/** The connection as the system of a guide can have it. */
export function within(guide: Guide, input: ProfileInput): ProfileInput {
  const { connection } = input
  const abilities = guide.vpn?.abilities
  if (connection.kind !== 'vpn' || abilities === undefined) return input
  return { ...input, connection: { ...connection, tunnelTypes: [...waysIn(connection, abilities)] } }
}

/** @param input as `within` leaves it */
export function pageOf(guide: Guide, input: ProfileInput): Page {
  const { organization, language, connection } = input
  return {
    language,
    title: titlePhrase(guide, connection.kind),
    system: systemOf(guide),
    subtitle: say('pageFor', { connection: named(titleOf(input)), organization: named(organization.name) }),
    organization: organization.name,
    ...(organization.logo !== undefined && { logo: organization.logo }),
    sections: [
      ...(guide.isBare === true ? [] : [beforeSection(input)]),
      ...(partOf(guide, input)?.sections(input) ?? []),
      ...(guide.isBare === true ? [] : serverCheckSection(input)),
      helpSection(input),
    ],
    foot: say('wordsMayDiffer'),
  }
}

/** The part of a guide for the kind of a connection, which is what it then gets as input. */
export function partOf(guide: Guide, input: ProfileInput): GuidePart<ProfileInput['connection']> | undefined {
  // By the same kind the part was found by.
  return guide[input.connection.kind] as GuidePart<ProfileInput['connection']> | undefined
}

function titlePhrase(guide: Guide, kind: ProfileInput['connection']['kind']): Phrase {
  if (guide.title !== undefined) return guide.title
  const key = ({ vpn: 'vpnOn', wifi: 'wifiOn', wired: 'wiredOn' } as const)[kind]
  return say(key, { system: systemOf(guide) })
}

const systemOf = ({ name }: Guide): Value => (typeof name === 'string' ? named(name) : words(name))
