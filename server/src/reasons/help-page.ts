import { EN } from './catalogue/en.ts'
import { REASON_AREAS, type ReasonArea } from './code-table.ts'
import { definitionOf, REASON_CODES, type ReasonCode } from './reason.ts'

const AREAS: Readonly<Record<ReasonArea, string>> = {
  accept: 'Accepted',
  transport: 'Packets and RADIUS clients',
  identity: 'Users and passwords',
  eap: 'EAP',
  tls: 'TLS and its alerts',
  certificate: 'Client certificates',
  enrolment: 'Certificate enrolment',
  policy: 'Rules',
  session: 'Sessions: CoA and Disconnect',
  grant: 'Sessions decided again',
  proxy: 'Proxying',
  service: 'The server itself',
  api: 'The API',
}

const OUTCOMES = {
  accept: 'The device gets an Access-Accept.',
  reject: 'The device gets an Access-Reject.',
  drop: 'The device gets no answer.',
  error: 'The caller gets an error.',
  notice: 'Nobody is answered; it is listed, counted and logged.',
} as const

/** The folder `docs/errors/`: file name -> content. A test keeps the files and this equal. */
export function helpPages(): ReadonlyMap<string, string> {
  const pages = new Map(REASON_CODES.map((code) => [`${code}.md`, helpPage(code)]))
  return pages.set('README.md', indexPage())
}

/** The help page of one code, in Markdown. */
function helpPage(code: ReasonCode): string {
  const { title, sentence, nextStep } = EN[code]
  const { area, outcome, values, http } = definitionOf(code)
  const effect =
    area === 'enrolment' && outcome === 'reject' ? 'No certificate is issued.' : OUTCOMES[outcome]
  const lines = [
    `# ${title}`,
    '',
    `\`${code}\` · ${AREAS[area]}`,
    '',
    readable(sentence),
    '',
    `**Next step.** ${readable(nextStep)}`,
    '',
    `**Effect.** ${effect}${http === undefined ? '' : ` The API answers with HTTP status ${http}.`}`,
  ]
  const names = Object.entries(values)
  if (names.length > 0) {
    lines.push('', '| value | type | always there |', '|---|---|---|')
    for (const [name, type] of names) {
      lines.push(`| \`${name}\` | ${TYPES[type.replace('?', '')]} | ${type.endsWith('?') ? 'no' : 'yes'} |`)
    }
  }
  return `${lines.join('\n')}\n`
}

const TYPES: Readonly<Record<string, string>> = {
  text: 'text',
  number: 'number',
  texts: 'list of texts',
  instant: 'point in time, ISO 8601',
}

function indexPage(): string {
  const lines = [
    '# Reasons',
    '',
    'Every decision and every error carries one of these codes. Codes are stable; sentences may change.',
    'Made from `server/src/reasons/` by `node server/src/reasons/node/write-help-pages.ts`; do not edit.',
  ]
  for (const area of REASON_AREAS) {
    lines.push('', `## ${AREAS[area]}`, '')
    for (const code of REASON_CODES) {
      if (definitionOf(code).area === area) lines.push(`- [\`${code}\`](${code}.md): ${EN[code].title}`)
    }
  }
  return `${lines.join('\n')}\n`
}

/** A template without its brackets: `{user}` stays, as *user*; a number keeps the noun for many. */
function readable(template: string): string {
  return template
    .replace(/[[\]]/g, '')
    .replace(/\{(\w+) [^{}|]+\|([^{}|]+)\}/g, '*$1* $2')
    .replace(/\{(\w+)\}/g, '*$1*')
}
