import { AUTHENTICATION_METHODS, LANGUAGES, type Language } from '../../../config/schema.ts'
import { findingsOf } from '../../make-files.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { isObstacle } from '../../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import type { Guide } from '../guide.ts'
import { kindsOf } from '../guide.ts'
import { guideOutput } from '../guide-output.ts'
import { GUIDES } from '../guides.ts'
import { pageOf, within } from '../page.ts'
import { markdownPage } from '../render-markdown.ts'

const NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  ru: 'Русский',
  de: 'Deutsch',
  es: 'Español',
}

/** What people know best comes first. */
const PREFERRED = ['peap-mschapv2', 'eap-mschapv2', 'mschapv2', ...AUTHENTICATION_METHODS] as const

/** docs/connect: the file names below it, and what stands in them. */
export function connectPages(): ReadonlyMap<string, string> {
  const pages = GUIDES.flatMap((guide) =>
    LANGUAGES.map((language) => [fileOf(guide, language), pageFor(guide, language)] as const),
  )
  return new Map([['README.md', index()], ...pages])
}

function fileOf({ id }: Guide, language: Language): string {
  return language === 'en' ? `${id}.md` : `${language}/${id}.md`
}

function pageFor(guide: Guide, language: Language): string {
  const inputs = examplesFor(guide, language)
  const pages = inputs.map((input) => markdownPage(pageOf(guide, within(guide, input))))
  const output = `guide-${guide.id}`
  const intro =
    language === 'en'
      ? [
          `For an example connection. With your own values: \`npx sallyport connections make NAME ${output} --user USER\`.`,
        ]
      : []
  return `${[`# ${nameOf(guide)}`, ...intro, ...pages].join('\n\n')}\n`
}

/** One connection of each kind the guide has steps for. */
function examplesFor(guide: Guide, language: Language): readonly ProfileInput[] {
  const output = guideOutput(guide)
  return kindsOf(guide).map((kind) => {
    for (const authentication of PREFERRED) {
      const input = example(kind, authentication, language)
      if (input !== undefined && !findingsOf(output, input).some(isObstacle)) return input
    }
    throw new Error(`guides: no example for ${guide.id} ${kind}`)
  })
}

function example(
  kind: 'vpn' | 'wifi' | 'wired',
  authentication: string,
  language: Language,
): ProfileInput | undefined {
  const others = { language, person: EXAMPLE_PERSON }
  if (kind === 'vpn') {
    return exampleVpn(
      {
        authentication,
        tunnelTypes: ['ikev2', 'sstp', 'l2tp', 'pptp'],
        l2tpMachineAuthentication: 'psk',
        preSharedKey: 'example-shared-key',
        allUsers: true,
        dns: { suffixes: ['corp.example.org'], servers: ['10.0.0.53'] },
      },
      others,
    )
  }
  // The schema of ports does not know MS-CHAPv2 without EAP.
  if (authentication === 'mschapv2') return undefined
  return kind === 'wifi' ? exampleWifi({ authentication }, others) : exampleWired({ authentication }, others)
}

function index(): string {
  const head = ['system', 'kinds', ...LANGUAGES.map((language) => NAMES[language])]
  const rows = GUIDES.map((guide) => [
    nameOf(guide),
    kindsOf(guide).join(', '),
    ...LANGUAGES.map((language) => `[${NAMES[language]}](${fileOf(guide, language)})`),
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return `# Step by step

What people do by hand to connect, per system. These pages are for an example connection; they come from the same source
as what your people get:

    npx sallyport connections make "Example VPN" guide-windows-11 --user alice --language de

${line(head)}
${line(head.map(() => '---'))}
${rows.map(line).join('\n')}

\`npm run generate\` writes them. How guides are made: [Guides for people](../guides/guides-for-people.md).
`
}

function nameOf({ name, id }: Guide): string {
  return typeof name === 'string' ? name : (INDEX_NAMES[id] ?? id)
}

const INDEX_NAMES: Readonly<Record<string, string>> = {
  'windows-10-classic': 'Windows 10, Control Panel',
  ios: 'iPhone and iPad',
  'windows-sign-in': 'Windows, before sign-in',
}
