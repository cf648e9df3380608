import { Readable } from 'node:stream'
import { AdminAccounts } from '../../admins/admin-accounts.ts'
import { AdminStore } from '../../admins/admin-store.ts'
import type { Role } from '../../admins/role.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import { COMPONENTS } from '../../kernel/logging.ts'
import type { Database } from '../../store/database.ts'
import { openWriter } from '../../store/open.ts'
import { type Api, createApi } from './api.ts'
import type {
  AcmeAccount,
  AcmeKey,
  AuditEntry,
  Certificate,
  CertificateRequestDetail,
  Challenge,
  Link,
  LogLevels,
  Mac,
  Services,
  User,
} from './services.ts'

/** What the API stands on in tests: real accounts on SQLite in memory, everything else played. */
export interface PlayedHouse {
  readonly services: Services
  readonly clock: FakeClock
  readonly accounts: AdminAccounts
  readonly audit: AuditEntry[]
  /** What the log got, serialized. */
  readonly logged: string[]
  readonly tokens: Readonly<Record<Role, string>>
  close(): Promise<void>
}

/** The API as tests call it by `inject`. */
export type ApiUnderTest = Omit<PlayedHouse, 'services'> & { readonly api: Api }

export const PASSWORD = 'correct horse battery'

export async function openApiUnderTest(overrides: Partial<Services> = {}): Promise<ApiUnderTest> {
  const { services, close, ...house } = await openPlayedHouse(overrides)
  const api = await createApi(services, { tls: {}, openMetrics: false })
  return {
    ...house,
    api,
    close: async () => {
      await api.close()
      await close()
    },
  }
}

export async function openPlayedHouse(overrides: Partial<Services> = {}): Promise<PlayedHouse> {
  const database: Database = await openWriter('sqlite::memory:')
  const clock = new FakeClock()
  const accounts = new AdminAccounts(new AdminStore(database), clock)
  const audit: AuditEntry[] = []
  const logged: string[] = []
  const services: Services = { ...playedServices(clock, accounts, audit, logged), ...overrides }
  const tokens = {
    viewer: await tokenFor(accounts, 'vera', 'viewer'),
    operator: await tokenFor(accounts, 'otto', 'operator'),
    admin: await tokenFor(accounts, 'ada', 'admin'),
  }
  return { services, clock, accounts, audit, logged, tokens, close: () => database.close() }
}

async function tokenFor(accounts: AdminAccounts, name: string, role: Role): Promise<string> {
  await accounts.add(name, PASSWORD, role)
  const outcome = await accounts.login(name, PASSWORD, '192.0.2.1')
  if (outcome.kind !== 'logged-in') throw new Error(`login of ${name}: ${outcome.kind}`)
  return outcome.token
}

function playedServices(
  clock: FakeClock,
  accounts: AdminAccounts,
  audit: AuditEntry[],
  logged: string[],
): Services {
  const log = (...values: unknown[]): void => {
    logged.push(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '))
  }
  const users = new Map<string, User>([['alice', playedUser('alice')]])
  const now = new Date(clock.now()).toISOString()
  const receipt = { id: 'r1', at: now, client: 'vpn-1', outcome: 'accept', configVersion: 1 }
  const mustExist = (name: string): void => {
    if (!users.has(name)) throw new RequestError('not-found', `There is no user "${name}".`)
  }
  return {
    clock,
    accounts,
    log: { trace: log, debug: log, info: log, warn: log, error: log, isLevelEnabled: () => true },
    configuration: {
      export: async (version = 1) => (version === 1 ? { version, document: 'clients: []\n' } : undefined),
      versions: async () => ({ items: [{ number: 1, createdAt: now, author: 'ada', comment: '' }] }),
      plan: async () => ({ baseVersion: 1, changes: [], problems: [] }),
      apply: async () => ({ version: 2, changes: [], problems: [], generated: [] }),
      rollback: async () => ({ version: 3, leftAlone: [] }),
    },
    users: {
      list: async () => ({ items: [...users.values()] }),
      get: async (name) => users.get(name),
      create: async (user) => {
        users.set(user.name, playedUser(user.name))
      },
      change: async (name) => mustExist(name),
      remove: async (name) => mustExist(name),
      setPassword: async (name) => mustExist(name),
      unlock: async (name) => mustExist(name),
    },
    groups: {
      list: async () => ({ items: [{ name: 'Staff', groups: [], users: 1 }] }),
      create: async () => {},
      remove: async () => {},
    },
    acme: {
      keys: async () => ({ items: [] }),
      createKey: async ({ template }) => ({ ...playedAcmeKey, template, macKey: 'secret' }),
      removeKey: async () => {},
      accounts: async () => ({ items: [] }),
      deactivate: async () => playedAcmeAccount,
    },
    serverCertificates: { list: async () => [] },
    macs: {
      list: async () => ({ items: [playedMac] }),
      get: async (mac) => (mac === playedMac.mac ? playedMac : undefined),
      create: async () => {},
      change: async () => {},
      remove: async () => {},
      import: async (macs) => ({ created: macs.length, changed: 0, unchanged: 0 }),
      unknown: async () => [],
    },
    directories: {
      list: async () => [],
      sync: async () => {},
      users: async () => ({ items: [] }),
      groups: async () => ({ items: [] }),
      browse: async () => ({ server: 'ldaps://dc1.example.org', dn: '', entries: [], more: false }),
      browseUnsaved: async () => ({ server: 'ldaps://dc1.example.org', dn: '', entries: [], more: false }),
    },
    trust: {
      list: async () => [],
      refresh: async (name) => {
        throw new RequestError('trust-not-found', `There is no trusted CA "${name}".`)
      },
    },
    challenges: {
      list: async () => [playedChallenge],
      create: async ({ user }) => {
        if (user !== undefined) mustExist(user)
        return { ...playedChallenge, challenge: 'AAAAA-BBBBB' }
      },
      delete: async (id) => {
        if (id !== 1) throw new RequestError('challenge-not-found', `There is no ${id}.`)
      },
    },
    profileLint: {
      file: async () => ({ format: 'eap-xml', findings: [] }),
      connection: async () => [],
    },
    clientErrors: {
      explain: async (code) => {
        if (code !== '809') throw new RequestError('client-error-unknown', `There is no ${code}.`)
        return {
          ...{ code, system: 'Windows', stage: 'reach', certainty: 'documented' },
          ...{ meaning: 'The gateway does not answer.', causes: [], sentences: [], nextSteps: [] },
        }
      },
    },
    connections: {
      list: async () => [],
      make: async (name) => {
        if (name !== 'Example VPN') throw new RequestError('connection-not-found', `There is no ${name}.`)
        const file = { name: 'a.txt', mediaType: 'text/plain', content: '', holdsSecret: false }
        return { findings: [], files: [{ ...file, encoding: 'utf8' }] }
      },
    },
    gateways: {
      list: async () => [],
      make: async (name) => {
        if (name !== 'vpn-1') throw new RequestError('gateway-not-found', `There is no ${name}.`)
        return [{ name: 'a.conf', mediaType: 'text/plain', encoding: 'utf8', content: '', holdsSecret: true }]
      },
      check: async () => [{ item: 'request', state: 'ok', text: 'Last request just now.' }],
    },
    links: {
      list: async () => [playedLink],
      create: async ({ user, connections }) => ({
        ...{ ...playedLink, user, connections },
        ...{ path: '/connect/TOKEN', code: 'ABCD-EFGH', notes: [] },
      }),
      delete: async (id) => {
        if (id !== 1) throw new RequestError('link-not-found', `There is no ${id}.`)
      },
    },
    authorities: {
      list: async () => playedAuthorities,
      prepare: async () => playedAuthority,
      request: async () => ({ keyId: playedAuthority.keyId, createdAt: now, request: 'CSR' }),
      install: async () => playedAuthority,
      import: async () => playedAuthority,
      discard: async () => {},
      switch: async (force) => {
        if (!force)
          throw new RequestError('ca-anchor-missing', '2 of 3 were not handed it.', {
            nextStep: 'Caller: wait.',
          })
        return playedAuthorities
      },
      confirm: async (names) => names.length,
    },
    certificates: {
      list: async () => ({ items: [playedCertificate] }),
      pkcs12: async ({ user }) => {
        mustExist(user)
        const [serial, fingerprint, notAfter] = ['4a01', 'ff', now]
        const told = { serial, fingerprint, userName: user, notAfter, root: 'ROOT' }
        return { ...told, container: 'UDEy', password: 'da-de-di' }
      },
      issue: async ({ user, request }) => {
        mustExist(user)
        const key = request === undefined ? { key: 'KEY' } : {}
        const [serial, fingerprint, notAfter] = ['4a01', 'ff', now]
        return { serial, fingerprint, userName: user, notAfter, chain: 'CHAIN', root: 'ROOT', ...key }
      },
      changeStatus: async (serial, { to, reason = 'unspecified' }) => {
        if (serial !== '4a01') throw new RequestError('certificate-not-found', `There is no ${serial}.`)
        const told = { logins: 'told', ocsp: 'told', crls: [], crlFailures: [] } as const
        const action = { id: 'a1', changed: true, to, ...told }
        const status = to === 'released' ? 'issued' : to
        return { ...playedCertificate, status, revokedAt: now, reason, action }
      },
      authority: async () => ({ root: 'ROOT', issuing: 'ISSUING', crl: 'CRL' }),
    },
    certificateRequests: {
      list: async () => ({ items: [playedRequest] }),
      get: async () => playedRequest,
      create: async () => playedRequest,
      decide: async () => playedRequest,
    },
    certificateTemplates: { list: async () => [] },
    domainPolicy: {
      read: async () => ({ policyId: '{0}', friendlyName: 'Sallyport', roots: '', issuing: '' }),
    },
    clients: {
      list: async () => [],
      resolve: async (address) => ({ address, networks: ['192.0.2.10/32'] }),
    },
    dryRuns: { reply: async () => playedReply, tryPolicy: async () => playedTrial },
    clientSecrets: {
      rotations: async () => [],
      rotate: async (client, { secret }) => ({
        client,
        version: 2,
        ...(secret === undefined && { secret: 'S' }),
      }),
      finish: async () => ({ version: 2 }),
      cancel: async () => ({ version: 2 }),
      board: async () => [],
      enforce: async ({ clients }) => ({ clients, version: 2 }),
      adopt: async ({ name }) => ({ client: name, version: 2, secret: 'S' }),
    },
    shield: { list: async () => [], release: async () => 1 },
    sources: { list: async () => [], refresh: async () => undefined },
    sourceTests: { test: async (source) => ({ source, kind: 'ldap', passed: true, steps: [] }) },
    upstreams: { list: async () => ({ items: [], waiting: [] }) },
    sessions: { list: async () => ({ items: [] }), close: async () => {} },
    sessionActions: {
      act: async () => ({ id: 1, outcome: 'acknowledged' }),
      list: async () => ({ items: [] }),
    },
    grants: { list: async () => ({ items: [] }), recheck: async () => {} },
    receipts: {
      list: async () => ({ items: [receipt] }),
      underWay: async () => [],
      get: async (id) => (id === 'r1' ? { ...receipt, body: {} } : undefined),
      explain: async (id) =>
        id === 'r1'
          ? {
              id,
              outcome: 'accept',
              reason: 'accepted',
              sentence: 'Let in.',
              text: 'Let in.',
              changes: [],
              otherChanges: [],
            }
          : undefined,
    },
    supportBundle: { make: async () => new Uint8Array(0) },
    capture: { open: async () => Readable.from([]) },
    diagnostics: { unknownClients: async () => [], drops: async () => [] },
    health: {
      ready: async () => true,
      report: async () => ({
        version: '0.1.0',
        startedAt: now,
        ready: true,
        configVersion: 1,
        parts: [],
        warnings: [],
      }),
    },
    metrics: { render: async () => '# HELP x\n', contentType: 'text/plain; version=0.0.4' },
    logLevels: {
      levels: async () =>
        // Every component is there by construction.
        Object.fromEntries(COMPONENTS.map((name) => [name, { level: 'info' }])) as LogLevels,
      set: async () => {},
    },
    audit: {
      record: async (entry) => {
        audit.push(entry)
      },
    },
  }
}

const playedAcmeKey: AcmeKey = {
  id: 'k1',
  template: 'web-server',
  names: [],
  note: '',
  createdAt: '2026-01-05T09:00:00.000Z',
  createdBy: 'ada',
  expiresAt: '2026-02-05T09:00:00.000Z',
}

const playedAcmeAccount: AcmeAccount = {
  id: 'a1',
  template: 'web-server',
  status: 'deactivated',
  contacts: [],
  names: [],
  createdAt: '2026-01-05T09:00:00.000Z',
  createdFrom: '192.0.2.1',
  seenAt: '2026-01-05T09:00:00.000Z',
}

const playedMac: Mac = {
  mac: '0a1b2c3d4e5f',
  description: 'Printer',
  groups: ['Printers'],
  owner: '',
  disabled: false,
  attributes: {},
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
}
const playedReply = {
  outcome: 'accept',
  reason: 'accepted',
  sentence: 'Let in.',
  nextStep: '',
  attributes: [{ name: 'Filter-Id', value: 'staff' }],
  octets: 60,
  text: 'Access-Accept',
} as const

const playedTrial = { ...playedReply, user: 'alice', realm: 'default', groups: [], profiles: [], trace: [] }

const playedChallenge: Challenge & { hash: string } = {
  id: 1,
  template: 'laptops',
  user: 'alice',
  dns: [],
  ip: [],
  state: 'open',
  createdBy: 'admin',
  createdAt: '2026-01-05T09:00:00.000Z',
  expiresAt: '2026-01-05T10:00:00.000Z',
  hash: 'ff',
}

const playedCertificate: Certificate & { key_sealed: string } = {
  serial: '4a01',
  kind: 'client',
  subject: 'CN=alice',
  notBefore: '2026-01-05T09:00:00.000Z',
  notAfter: '2027-01-05T09:00:00.000Z',
  status: 'issued',
  key_sealed: 'c2VhbGVk',
}

/** More than the API may show: what is not in its schema has to stay inside. */
function playedUser(name: string): User & { password_sealed: string } {
  return {
    name,
    source: 'local',
    groups: ['Staff'],
    passwordStorage: 'argon2id',
    mustChangePassword: false,
    passwordNeverExpires: false,
    disabled: false,
    attributes: {},
    failures: 0,
    createdAt: '2026-01-05T09:00:00.000Z',
    updatedAt: '2026-01-05T09:00:00.000Z',
    password_sealed: 'c2VhbGVk',
  }
}

const playedRequest: CertificateRequestDetail = {
  id: 1,
  status: 'pending',
  template: 'vpn-gateway',
  protocol: 'request',
  requester: 'otto',
  createdAt: '2026-01-05T09:00:00.000Z',
  request: 'PEM',
  asked: { subject: 'CN=vpn.example.org', names: ['dns:vpn.example.org'], key: 'ec prime256v1' },
}
const playedAuthority = {
  ...({ keyId: 'ab'.repeat(20), role: 'issuing', state: 'prepared', origin: 'own', key: 'P-256' } as const),
  ...{ subject: 'CN=Issuing', issuer: 'CN=Root', fingerprint: 'ff', certificate: 'PEM' },
  ...{ notBefore: '2026-01-05T09:00:00.000Z', notAfter: '2036-01-05T09:00:00.000Z' },
}
const playedAuthorities = { items: [playedAuthority], requests: [], anchors: 'PEM', certificates: 'PEM' }

const playedLink: Link = {
  ...{ id: 1, user: 'alice', connections: ['Example VPN'], state: 'open', createdBy: 'ada' },
  ...{ createdAt: '2026-01-05T09:00:00.000Z', expiresAt: '2026-01-05T10:00:00.000Z' },
}
