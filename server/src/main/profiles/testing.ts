import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { AnchorStore } from '../../enrolment/anchors/anchor-store.ts'
import { ChallengeStore } from '../../enrolment/challenges/challenge-store.ts'
import { withBuiltIn } from '../../enrolment/registration/built-in-template.ts'
import { CertificateRequestStore } from '../../enrolment/registration/certificate-request-store.ts'
import { RegistrationAuthority } from '../../enrolment/registration/registration-authority.ts'
import { FakeIdentities } from '../../enrolment/registration/testing.ts'
import { SpecialCertificates } from '../../enrolment/special-certificates.ts'
import type { StatusOrder } from '../../enrolment/status/status-action.ts'
import { openAuthorityBench } from '../../enrolment/testing.ts'
import type { AuditEntry } from '../../journal/index.ts'
import { Logging } from '../../kernel/logging.ts'
import { Sealer } from '../../kernel/seal.ts'
import { ProfileLinkStore } from '../../profiles/links/profile-link-store.ts'
import type { ProfileInput } from '../../profiles/profile-input.ts'
import type { ProfileOutput } from '../../profiles/profile-output.ts'
import { CertificateIssuing } from '../api/certificate-issuing.ts'
import { ProfileLinks } from './links/profile-links.ts'
import { type ProfileMakerParts, profileMaker } from './open-profile-maker.ts'

/** One connection by certificate, one by password, and a template that members of "VPN Users" may enrol. */
export const DOCUMENT = {
  certificateTemplates: [{ name: 'vpn', enrol: { groups: ['VPN Users'] } }],
  connections: [
    {
      ...{ name: 'Example VPN', kind: 'vpn', gateways: [{ address: 'vpn.example.org' }] },
      ...{ certificateTemplate: 'vpn', groups: ['VPN Users'] },
    },
    {
      ...{ name: 'By password', kind: 'vpn', gateways: [{ address: 'vpn.example.org' }] },
      ...{ authentication: 'eap-mschapv2', groups: ['VPN Users'] },
    },
  ],
  enrolment: {
    httpUrl: 'http://pki.example.org:8880',
    httpsUrl: 'https://pki.example.org:8444',
    scep: { enabled: true },
  },
} as const

/** Writes down what it was given, as JSON; fails where a test wants it to. */
export function recordingOutput(
  different: Partial<ProfileOutput> & { readonly seen?: ProfileInput[] } = {},
): ProfileOutput {
  const { seen, ...rest } = different
  return {
    ...{ id: 'test-file', title: 'A test file', system: 'linux', kinds: ['vpn'] },
    certificates: ['pkcs12', 'scep', 'est'],
    findings: () => [],
    make: (input) => {
      seen?.push(input)
      const text = JSON.stringify({ user: input.person?.userName, certificate: input.certificate?.kind })
      return [{ name: 'test.json', mediaType: 'application/json', content: text, holdsSecret: true }]
    },
    ...rest,
  }
}

export interface MakerBenchWish {
  readonly document?: object
  readonly outputs?: readonly ProfileOutput[]
}

/** The maker over SQLite, a real registration authority and accounts a test may change. */
export async function openMakerBench({ document = {}, outputs = [recordingOutput()] }: MakerBenchWish = {}) {
  const { parts, authority, database } = await openAuthorityBench()
  const { clock, store: certificates } = parts
  const state: { configuration: Configuration } = {
    // Secrets are written in the clear in tests.
    configuration: configurationSchema.parse({ ...DOCUMENT, ...document }) as unknown as Configuration,
  }
  // Of the service nothing but what is served is looked at.
  const configuration = {
    get snapshot() {
      return { configuration: state.configuration }
    },
  } as unknown as ProfileMakerParts['configuration']
  const identities = new FakeIdentities()
  const logging = new Logging({ clock, level: 'silent' })
  const registration = new RegistrationAuthority({
    ...{ authority, identities, certificates, clock },
    templates: () => withBuiltIn(state.configuration.certificateTemplates),
    requests: new CertificateRequestStore(database.kysely),
    log: logging.for('pki'),
  })
  const issuing = new CertificateIssuing({
    ...{ authority, configuration, registration, identities, clock },
    reader: database,
  })
  const stores = {
    challenges: new ChallengeStore(database.kysely),
    anchors: new AnchorStore(database.kysely),
  }
  const revoked: StatusOrder[] = []
  const statusActions = {
    run: async (order: StatusOrder) => {
      revoked.push(order)
    },
  } as unknown as ProfileMakerParts['statusActions'] // what it answers is not looked at
  const specialCertificates = new SpecialCertificates(authority, parts)
  const maker = profileMaker(
    {
      configuration,
      authority,
      specialCertificates,
      registration,
      identities,
      statusActions,
      stores,
      clock,
      logging,
    },
    issuing,
    outputs,
  )
  return {
    maker,
    authority,
    state,
    configuration,
    identities,
    certificates,
    stores,
    revoked,
    clock,
    database,
    logging,
  }
}

/** Links over SQLite; `system` of the test output is linux. */
export async function openLinksBench(wish: MakerBenchWish = {}) {
  const outputs = wish.outputs ?? [recordingOutput()]
  const house = await openMakerBench({ ...wish, outputs })
  const { state, maker, identities, clock, logging, database } = house
  const store = new ProfileLinkStore(database.kysely)
  const audit: AuditEntry[] = []
  const links = new ProfileLinks({
    ...{ maker, outputs, identities, clock, store },
    configuration: () => state.configuration,
    personal: outputs.map(({ id }) => id),
    read: store,
    audit: {
      record: async (entry) => {
        audit.push(entry)
      },
    },
    sealer: new Sealer([{ id: 'k1', key: new Uint8Array(32).fill(7) }]),
    log: logging.for('pki'),
  })
  return { ...house, links, store, audit, outputs }
}
