import type { Configuration } from './schema.ts'

/** `list`: named objects, merged by name. `object`: replaced as a whole. The order is that of the changes in a plan. */
const SHAPES = {
  settings: 'object',
  enrolment: 'object',
  organization: 'object',
  clients: 'list',
  sources: 'list',
  upstreams: 'list',
  realms: 'list',
  serverCertificates: 'list',
  trust: 'list',
  challengeValidators: 'list',
  mail: 'list',
  certificateTemplates: 'list',
  connections: 'list',
  gateways: 'list',
  profiles: 'list',
  rules: 'list',
} as const satisfies Record<keyof Configuration, 'object' | 'list'>

type Section = keyof typeof SHAPES
type OfShape<Shape> = { [S in Section]: (typeof SHAPES)[S] extends Shape ? S : never }[Section]

export type ObjectSection = OfShape<'object'>
export type ListSection = OfShape<'list'>

// Object.keys() gives the keys of a literal in the order they stand there.
const SECTIONS = Object.keys(SHAPES) as Section[]

export const OBJECT_SECTIONS = SECTIONS.filter(
  (section): section is ObjectSection => SHAPES[section] === 'object',
)
export const LIST_SECTIONS = SECTIONS.filter((section): section is ListSection => SHAPES[section] === 'list')
