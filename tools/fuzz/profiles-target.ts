import { createHash } from 'node:crypto'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { makePlan, type PlanContext } from '../../server/src/config/plan.ts'
import { type Configuration, EMPTY_CONFIGURATION } from '../../server/src/config/schema.ts'
import { connectionSchema } from '../../server/src/config/sections/connections.ts'
import { gatewaySchema } from '../../server/src/config/sections/gateways.ts'
import { organizationSchema } from '../../server/src/config/sections/organization.ts'
import { Sealer } from '../../server/src/kernel/seal.ts'
import { configurationChecks } from '../../server/src/main/configuration-checks.ts'
import { gatewayInput } from '../../server/src/main/profiles/gateway-inputs.ts'
import { profileInput } from '../../server/src/main/profiles/profile-inputs.ts'
import { CLIENT_OUTPUTS } from '../../server/src/profiles/client-outputs.ts'
import { GATEWAY_OUTPUTS } from '../../server/src/profiles/gateway-outputs.ts'
import { lintProfile } from '../../server/src/profiles/linter/lint-profile.ts'
import { isLintable } from '../../server/src/profiles/linter/profile-facts.ts'
import { findingsOf } from '../../server/src/profiles/make-files.ts'
import type {
  ProfileCertificate,
  ProfileInput,
  ProfilePerson,
} from '../../server/src/profiles/profile-input.ts'
import { isObstacle, type ProfileFile, type ProfileOutput } from '../../server/src/profiles/profile-output.ts'
import { EXAMPLE_ISSUING_PEM, EXAMPLE_ROOT_PEM } from '../../server/src/profiles/testing/example-input.ts'
import { UnwritableText } from '../../server/src/profiles/unwritable-text.ts'
import type { Random } from './random.ts'
import { sample } from './schema-sample.ts'
import { SETTING_TEXTS } from './setting-texts.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/**
 * Every setting of a connection, a gateway and the organisation, walked by its schema: whatever the plan takes is written in
 * every form there is, or an obstacle says why not, and the linter finds no trap that was not chosen.
 */
export const profilesTarget: FuzzTarget = {
  name: 'profiles',
  share: 1 / 500,
  open: async () => new ProfilesFuzz(),
}

const CONTEXT: PlanContext = {
  baseVersion: 0,
  current: EMPTY_CONFIGURATION,
  prune: true,
  sealer: new Sealer([{ id: 'fuzz', key: new Uint8Array(32) }]),
  sections: [],
  checks: configurationChecks(() => new Set(['nt-hash']), Date.now, {
    authenticationPorts: [1812],
    accountingPorts: [1813],
  }),
}
const [ROOT, ISSUING] = [EXAMPLE_ROOT_PEM, EXAMPLE_ISSUING_PEM].map((pem) =>
  parseCertificate(derOrPem('CERTIFICATE', pem)),
) as [ReturnType<typeof parseCertificate>, ReturnType<typeof parseCertificate>] // as many as there are texts
const AUTHORITY = { anchors: [ROOT], caCertificates: [ISSUING, ROOT] }
const REPAIRS = 20
/** Outputs tried in one case, so that it stays short; the seed chooses which. */
const OUTPUTS_AT_ONCE = 8
const SECRETS = ['a secret of some length', `it's "a" secret; $(id) \\ ?`, 'слишком тайно', 'x'.repeat(300)]
/** Lint errors an administrator chooses by `encryption: optional`. */
const CHOSEN = ['encryption-not-required', 'pptp-without-encryption']
/** Control characters but line breaks and tabs, what turns the reading direction, and what a template left open. */
const UNFIT = /[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?![\n\r\t])\p{Cc}|undefined|\[object /u

type Section = Record<string, unknown>
type Sections = Record<'clients' | 'connections' | 'gateways' | 'profiles', Section[]> & {
  organization: Section
}

class ProfilesFuzz implements OpenTarget {
  async attempt(random: Random, tell: (input: Uint8Array) => void): Promise<string> {
    const sections = sectionsOf(random)
    let refused = 'refused'
    for (let turn = 0; turn < REPAIRS; turn++) {
      const text = JSON.stringify(sections)
      tell(Buffer.from(text))
      const { prepared, problems } = await makePlan(text, CONTEXT)
      if (prepared !== undefined) return write(prepared.configuration, random)
      const [problem] = problems.filter(({ severity }) => severity === 'error')
      if (problem === undefined) throw new Finding('refused without an error')
      refused = `refused ${problem.code}`
      if (!repair(sections, problem.path)) break
    }
    return refused
  }

  close(): void {}
}

/** One of each, which name each other. */
function sectionsOf(random: Random): Sections {
  const connection = made(connectionSchema, random)
  const gateway = made(gatewaySchema, random)
  // Of no trust, template or stored secret that a document of one connection could have.
  for (const key of ['certificateTemplate', 'anchors', 'gatewayAnchors']) delete connection[key]
  if (connection.preSharedKey !== undefined) connection.preSharedKey = random.pick(SECRETS)
  const roles = (gateway.roles ?? []) as readonly { readonly name: string }[] // as the schema has them
  return {
    organization: made(organizationSchema, random),
    clients: [{ name: 'device', address: '192.0.2.9', secret: random.pick(SECRETS) }],
    connections: [{ name: 'Example', ...connection }],
    gateways: [{ name: 'Gate', ...gateway, client: 'device', connections: [connection.name ?? 'Example'] }],
    profiles: roles.map(({ name }, index) => ({ name: `profile-${index}`, role: name })),
  }
}

/** Every schema of a section is one of an object. */
const made = (schema: Parameters<typeof sample>[0], random: Random) =>
  sample(schema, SETTING_TEXTS, random) as Section

/** Takes away what a problem is about, or adds what is missing; false: neither is possible. */
function repair(sections: Sections, path: string): boolean {
  const [section = '', ...keys] = path.split('/')
  if (section === 'gateways' && path.endsWith('/connections')) {
    sections.gateways = []
    return true
  }
  const target = section === 'organization' ? sections.organization : sections[section as 'connections']?.[0]
  const key = section === 'organization' ? keys[0] : keys[1]
  if (target === undefined || key === undefined) return false
  if (target[key] !== undefined) return delete target[key]
  if (key !== 'preSharedKey') return false
  target[key] = SECRETS[0]
  return true
}

function write(configuration: Configuration, random: Random): string {
  const [connection] = configuration.connections
  if (connection === undefined) throw new Finding('the connection is lost')
  const [person, certificate] = [random.pick(PERSONS), random.pick(CERTIFICATES)]
  const input = profileInput(configuration, AUTHORITY, connection, {
    ...(person !== 'nobody' && { person }),
    ...(certificate !== 'none' && { certificate }),
  })
  for (let turn = 0; turn < OUTPUTS_AT_ONCE; turn++) {
    const output = random.pick(CLIENT_OUTPUTS)
    if (findingsOf(output, input).some(isObstacle)) continue
    for (const file of filesOf(output, input)) judge(output.id, file, input)
  }
  for (const gateway of configuration.gateways) {
    const [output, settings] = [
      GATEWAY_OUTPUTS[gateway.kind],
      gatewayInput(configuration, AUTHORITY, gateway),
    ]
    if (output.findings(settings).some(isObstacle)) continue
    for (const file of output.make(settings)) judge(gateway.kind, file)
  }
  return 'written'
}

/** A name of an account may be none that a form can carry; a text of the document may not. */
function filesOf(output: ProfileOutput, input: ProfileInput): readonly ProfileFile[] {
  try {
    return output.make(input)
  } catch (error) {
    if (error instanceof UnwritableText && !isOrdinary(input.person?.userName)) return []
    throw error
  }
}

const isOrdinary = (text = ''): boolean => text.isWellFormed() && !/\p{C}/u.test(text)

function judge(what: string, file: ProfileFile, input?: ProfileInput): void {
  const { name, content } = file
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) throw new Finding(`${what}: a file called ${name}`)
  const unfit = typeof content === 'string' ? UNFIT.exec(content) : null
  if (unfit !== null) throw new Finding(`${what}: ${name} holds ${JSON.stringify(unfit[0])}`)
  if (input === undefined || !isLintable(file)) return
  const { names, anchors } = input.radiusServer
  const thumbprints = anchors.map(({ der }) => createHash('sha1').update(der).digest('hex'))
  for (const { severity, code, message } of lintProfile(Buffer.from(content), { names, thumbprints })
    .findings) {
    if (severity === 'error' && !isChosen(code, input)) throw new Finding(`${what}: ${name}: ${message}`)
  }
}

function isChosen(code: string, { connection }: ProfileInput): boolean {
  return connection.kind === 'vpn' && /optional|none/.test(connection.encryption) && CHOSEN.includes(code)
}

/** As identity sources name them: any text. */
const PERSONS: readonly (ProfilePerson | 'nobody')[] = [
  'nobody',
  {
    userName: 'alice@example.org',
    upn: 'alice@example.org',
    displayName: `O'Brien <b> \u202e"$(id)`,
    email: 'a@example.org',
  },
  ...["o'brien", 'EXAMPLE\\a b', 'ü@x', '"', '$(id)`id`', '\ud800', '', 'a\nb', '%s{', 'x'.repeat(300)].map(
    (userName) => ({ userName, displayName: userName }),
  ),
]

const CERTIFICATES: readonly (ProfileCertificate | 'none')[] = [
  'none',
  { kind: 'installed' },
  {
    ...{ kind: 'pkcs12', form: 'legacy', container: new Uint8Array(20), password: 'abc-def' },
    certificate: ROOT,
  },
  { kind: 'scep', url: 'http://x/scep', challenge: 'abc', rsaBits: 2048, commonName: 'alice', root: ROOT },
  { kind: 'acme', directoryUrl: 'https://x/acme/a/directory', clientIdentifier: 'C02' },
  { kind: 'est', url: 'https://x/est', template: 't', userName: 'challenge', challenge: 'c', root: ROOT },
]
