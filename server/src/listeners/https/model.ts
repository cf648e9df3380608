import * as z from 'zod'
import { addressSearch } from '../../access/sessions/address-key.ts'
import { ROLES } from '../../admins/role.ts'
import { PASSWORD_STORAGES, SESSION_ACTIONS } from '../../config/schema.ts'
import { MINIMUM_SECRET_LENGTH } from '../../config/sections/secret.ts'
import { VENDORS } from '../../config/sections/vendors.ts'
import { MOST_DAYS, REVOCATION_REASONS } from '../../enrolment/authority.ts'
import { macItemSchema } from '../../identity/mac/mac-item.ts'
import { MOST_IN_ONE_IMPORT } from '../../identity/mac/mac-store.ts'
import { COMPONENTS, LEVELS } from '../../kernel/logging.ts'
import { normaliseMac } from '../../kernel/mac-address.ts'

/**
 * What the API says and hears, as Zod schemas: requests are checked by them, answers are cut down to them (a field that
 * is not named here never leaves the server), and the OpenAPI document is generated from them. Points in time are
 * ISO 8601 in UTC.
 */
const instant = z.string().meta({ format: 'date-time' })
const name = z.string().min(1).max(253)
const password = z.string().min(1).max(1024)
const count = z.int().min(0)

// --- administrators

export const roleSchema = z.enum(ROLES)

export const adminSchema = z
  .object({ name, role: roleSchema, disabled: z.boolean(), createdAt: instant })
  .meta({ id: 'Admin' })

export const newAdminSchema = z.strictObject({ name, password, role: roleSchema })

export const adminPatchSchema = z.strictObject({
  password: z.exactOptional(password),
  role: z.exactOptional(roleSchema),
  disabled: z.exactOptional(z.boolean()),
})

export const tokenSchema = z
  .object({
    id: z.string().describe('Naming part: the token begins with it'),
    name: z.string(),
    admin: z.string().describe('The account it speaks for'),
    role: roleSchema,
    createdAt: instant,
    expiresAt: z.exactOptional(instant),
    lastUsedAt: z.exactOptional(instant),
  })
  .meta({ id: 'Token' })

export const newTokenSchema = z.strictObject({
  name: z.string().min(1).max(200).describe('What it is for'),
  role: roleSchema,
  expiresInDays: z.int().min(1).max(3650).default(365),
})

export const madeTokenSchema = tokenSchema.extend({ token: z.string().describe('Shown this once') })

export const loginSchema = z.strictObject({
  name,
  password,
  cookie: z
    .boolean()
    .default(false)
    .describe('For browsers: the token comes as an HttpOnly cookie and is not in the body'),
})

export const loggedInSchema = z.object({
  name: z.string(),
  role: roleSchema,
  expiresAt: instant,
  token: z.exactOptional(z.string()),
  csrfToken: z.exactOptional(z.string()).describe('With a cookie: send it as x-csrf-token with every change'),
})

export const meSchema = z.object({
  name: z.string(),
  role: roleSchema,
  via: z.enum(['login', 'api', 'local']),
  csrfToken: z.exactOptional(z.string()),
})

export const ownPasswordSchema = z.strictObject({ current: password, next: password })

// --- configuration

export const problemSchema = z
  .object({
    path: z.string().describe('Where: clients/vpn-1/address'),
    line: z.exactOptional(z.int()),
    severity: z.exactOptional(z.enum(['error', 'warning'])),
    code: z.exactOptional(z.string()),
    message: z.string(),
    suggestion: z.exactOptional(z.string()),
  })
  .meta({ id: 'Problem' })

export const changeSchema = z
  .object({
    section: z.string(),
    name: z.string(),
    action: z.enum(['create', 'change', 'delete', 'unchanged']),
    fields: z.exactOptional(
      z
        .array(
          z.object({
            path: z.string(),
            before: z.exactOptional(z.unknown()),
            after: z.exactOptional(z.unknown()),
          }),
        )
        .readonly(),
    ),
  })
  .meta({ id: 'Change' })

export const versionSchema = z
  .object({ number: z.int().min(1), createdAt: instant, author: z.string(), comment: z.string() })
  .meta({ id: 'ConfigurationVersion' })

/** A document: YAML (JSON is YAML) as text, so that problems can name the line. */
const documentText = z.string().max(8 * 1024 * 1024)

export const planRequestSchema = z.strictObject({
  document: documentText,
  prune: z.boolean().default(false).describe('Delete what the document does not mention'),
})

export const applyRequestSchema = planRequestSchema.extend({
  baseVersion: z.exactOptional(z.int().min(0)).describe('Refuse where this is no longer the current version'),
  comment: z.string().max(500).default(''),
})

export const planSchema = z.object({
  baseVersion: z.int().min(0).describe('Send it back with apply'),
  changes: z.array(changeSchema).readonly(),
  problems: z.array(problemSchema).readonly().describe('With an error among them, apply refuses'),
})

export const appliedSchema = planSchema.omit({ baseVersion: true }).extend({
  version: z.int().min(0),
  generated: z
    .array(z.object({ path: z.string(), value: z.string() }))
    .readonly()
    .describe('Secrets the server made; shown this once'),
})

export const rollbackRequestSchema = z.strictObject({
  version: z.int().min(1).describe('The version to return to'),
  comment: z.string().max(500).default(''),
})

export const rolledBackSchema = z.object({
  version: z.int().min(1).describe('The new version, equal to the old one'),
  leftAlone: z.array(z.string()).readonly().describe('Objects left alone: they changed otherwise since'),
})

export const documentSchema = z.object({
  version: z.int().min(0),
  document: z.string().describe('YAML; secrets are references'),
})

// --- users and groups

export const userSchema = z
  .object({
    name: z.string(),
    source: z.string(),
    groups: z.array(z.string()).readonly().describe('Direct memberships'),
    passwordStorage: z.exactOptional(z.enum(PASSWORD_STORAGES)).describe('Absent: no password'),
    passwordChangedAt: z.exactOptional(instant),
    mustChangePassword: z.boolean(),
    passwordNeverExpires: z.boolean(),
    disabled: z.boolean(),
    expiresAt: z.exactOptional(instant),
    logonHours: z.exactOptional(z.array(z.string()).readonly()).describe('Absent: always'),
    attributes: z.record(z.string(), z.string()).readonly(),
    failures: count.describe('Wrong passwords since the last good one'),
    lockedUntil: z.exactOptional(instant),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'User' })

const userFields = {
  groups: z.exactOptional(z.array(name)),
  passwordStorage: z.exactOptional(z.enum(PASSWORD_STORAGES)),
  disabled: z.exactOptional(z.boolean()),
  mustChangePassword: z.exactOptional(z.boolean()),
  passwordNeverExpires: z.exactOptional(z.boolean()),
  attributes: z.exactOptional(z.record(z.string().max(100), z.string().max(4096))),
}
const instantInput = z.iso.datetime({ offset: true })
const logonHours = z.array(z.string().min(1).max(100)).max(50)

export const newUserSchema = z.strictObject({
  name,
  password: z.exactOptional(password).describe('Write-only'),
  ...userFields,
  expiresAt: z.exactOptional(instantInput),
  logonHours: z.exactOptional(logonHours),
})

export const userPatchSchema = z.strictObject({
  ...userFields,
  expiresAt: z.exactOptional(instantInput.nullable()).describe('null: never'),
  logonHours: z.exactOptional(logonHours.nullable()).describe('null: always'),
})

export const newPasswordSchema = z.strictObject({
  password: password.describe('Write-only'),
  storage: z
    .exactOptional(z.enum(PASSWORD_STORAGES))
    .describe("How it is kept; absent: the source's default of now, however the old one was kept"),
  mustChangePassword: z.boolean().default(false),
})

export const groupSchema = z
  .object({
    name: z.string(),
    groups: z.array(z.string()).readonly().describe('Groups that are members'),
    users: count.describe('Users that are direct members'),
  })
  .meta({ id: 'Group' })

export const newGroupSchema = z.strictObject({ name, groups: z.array(name).default([]) })

// --- the MAC store

export const macParameter = z.object({ mac: z.string().max(32) })

export const newMacSchema = macItemSchema

export const macSchema = z
  .object({
    mac: z.string().describe('Twelve lower-case hexadecimal digits'),
    description: z.string(),
    groups: z.array(z.string()).readonly().describe('Of the MAC store alone'),
    owner: z.string(),
    disabled: z.boolean(),
    expiresAt: z.exactOptional(instant),
    attributes: z.record(z.string(), z.string()).readonly(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Mac' })

const macFields = macItemSchema.shape

export const macPatchSchema = z.strictObject({
  description: z.exactOptional(macFields.description.unwrap()),
  groups: z.exactOptional(macFields.groups.unwrap()),
  owner: z.exactOptional(macFields.owner.unwrap()),
  disabled: z.exactOptional(macFields.disabled.unwrap()),
  expiresAt: z.exactOptional(instantInput.nullable()).describe('null: never'),
  attributes: z.exactOptional(macFields.attributes.unwrap()),
})

export const macImportSchema = z.strictObject({
  items: z
    .array(macItemSchema)
    .min(1)
    .max(MOST_IN_ONE_IMPORT)
    .describe('Each whole: what is there is replaced'),
})

export const importedMacsSchema = z.object({ created: count, changed: count, unchanged: count })

export const unknownMacSchema = z
  .object({
    mac: z.string(),
    client: z.string().describe('The RADIUS client that asked'),
    port: z.exactOptional(z.string()).describe('NAS-Port-Id, else NAS-Port, of the last request'),
    requests: count,
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'UnknownMac' })

// --- certificates

const pem = z.string().describe('PEM')

export const certificateSchema = z
  .object({
    serial: z.string().describe('Lower-case hex'),
    kind: z.string().describe('client, radius-server-ecdsa, https-server, issuing-ca ...'),
    subject: z.string(),
    notBefore: instant,
    notAfter: instant,
    status: z
      .enum(['recorded', 'issued', 'revoked'])
      .describe('recorded: the serial is taken, but nothing was signed with it'),
    revokedAt: z.exactOptional(instant),
    reason: z.exactOptional(z.string()).describe('Of the revocation'),
  })
  .meta({ id: 'Certificate' })

export const newCertificateSchema = z.strictObject({
  user: name.describe('An existing user; the names in the certificate are those of the account'),
  days: z.int().min(1).max(MOST_DAYS).default(365),
  request: z
    .exactOptional(z.string().max(16_384))
    .describe('PKCS #10 in PEM; its names are not used. Absent: the key is made here and shown this once'),
})

export const issuedCertificateSchema = z.object({
  serial: z.string(),
  fingerprint: z.string().describe('SHA-256, lower-case hex'),
  userName: z.string().describe('User principal name: who logs in with it'),
  notAfter: instant,
  chain: pem.describe('The certificate and the issuing CA, PEM'),
  root: pem,
  key: z.exactOptional(pem).describe('PKCS #8 in PEM; shown this once and not kept'),
})

export const revocationSchema = z.strictObject({ reason: z.enum(REVOCATION_REASONS).default('unspecified') })

export const authoritySchema = z
  .object({
    root: pem.describe('The root CA, PEM; the current one last'),
    issuing: pem.describe('The issuing CA, PEM; the current one last'),
    crl: pem.describe('A fresh CRL of each issuing CA, PEM'),
  })
  .meta({ id: 'CertificateAuthority' })

export const serverCertificateSchema = z
  .object({
    name: z.string().describe('Of its entry in serverCertificates; built-in: the one without an entry'),
    key: z.enum(['ecdsa', 'rsa']).describe('Where a name has both, TLS picks what the supplicant can verify'),
    subject: z.string(),
    issuer: z.string(),
    serial: z.string().describe('Lower-case hex'),
    fingerprint: z.string().describe('SHA-256, lower-case hex'),
    notBefore: instant,
    notAfter: instant,
    dnsNames: z.array(z.string()).readonly(),
    clients: z.array(z.string()).readonly().describe('RADIUS clients it is for; empty: any'),
    realms: z.array(z.string()).readonly().describe('Realms of the outer identity it is for; empty: any'),
  })
  .meta({ id: 'ServerCertificate' })

const failureSchema = z.object({ at: instant, detail: z.string() })

export const trustedCaSchema = z
  .object({
    name: z.string().describe('Of its entry in trust'),
    kind: z.enum(['own', 'pem']),
    certificates: z.array(z.object({ subject: z.string(), notAfter: instant })).readonly(),
    purpose: z
      .object({
        clients: z.array(z.string()).readonly(),
        realms: z.array(z.string()).readonly(),
        extendedKeyUsages: z.array(z.string()).readonly(),
      })
      .describe('What it may vouch for; empty lists: everything'),
    check: z.enum(['own', 'auto', 'required', 'none']).describe('own: by the CRL of the own CA'),
    whenUnreachable: z.exactOptional(z.string()),
    lists: z
      .array(
        z.object({
          url: z.string(),
          number: z.exactOptional(z.string()),
          revoked: z.exactOptional(z.int().min(0)).describe('Entries'),
          thisUpdate: z.exactOptional(instant),
          nextUpdate: z.exactOptional(instant),
          fetchedAt: z.exactOptional(instant),
          lastError: z.exactOptional(failureSchema),
        }),
      )
      .readonly()
      .describe('CRLs that were fetched, or were to be'),
    responders: z
      .array(
        z.object({
          host: z.string(),
          answeredAt: z.exactOptional(instant),
          lastError: z.exactOptional(failureSchema),
          leftAlone: z.boolean().describe('It failed several times and is not asked for half a minute'),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'TrustedCa' })

// --- what happens

export const clientSchema = z
  .object({
    name: z.string(),
    address: z.string().describe('As configured: address, CIDR or DNS name'),
    networks: z.array(z.string()).readonly().describe('What it resolves to now'),
    enabled: z.boolean(),
    vendor: z.string(),
    requireMessageAuthenticator: z.boolean(),
    changingSecret: z.boolean().describe('Two secrets are valid'),
    lastSeenAt: z.exactOptional(instant),
    lastDrop: z
      .exactOptional(z.object({ at: instant, code: z.string(), title: z.string() }))
      .describe('The last packet left without an answer, and why; since the server started'),
    counters: z
      .object({ requests: count, accepts: count, rejects: count, dropped: count })
      .describe('Since the server started'),
  })
  .meta({ id: 'Client' })

export const unknownClientSchema = z
  .object({
    address: z.string(),
    packets: count,
    kinds: z.object({ access: count, accounting: count, other: count }),
    nasIdentifier: z.exactOptional(z.string()).describe('What it calls itself; not proved'),
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'UnknownClient' })

export const dropSchema = z
  .object({
    client: z.exactOptional(z.string()).describe('RADIUS client; absent for a stranger'),
    address: z.string().describe('Where the last of them came from'),
    reason: z.string(),
    title: z.string(),
    sentence: z.string().describe('About the last of them'),
    nextStep: z.string(),
    packets: count,
    firstSeenAt: instant,
    lastSeenAt: instant,
  })
  .meta({ id: 'Drop' })
// --- secrets of clients, and Message-Authenticator

const clientName = z.string().min(1).max(253)
const givenSecret = z
  .exactOptional(z.string().min(MINIMUM_SECRET_LENGTH).max(253))
  .describe('Absent: the server makes one and shows it this once')
const quietDays = (schema: z.ZodType<number>) =>
  schema.describe('Days the old secret must not have been used')

export const servedVersionSchema = z.object({ version: z.int().min(0) })

export const madeSecretSchema = z
  .object({
    client: z.string(),
    version: z.int().min(0).describe('The configuration version it stands in'),
    secret: z.exactOptional(z.string()).describe('Shown this once'),
  })
  .meta({ id: 'MadeSecret' })

export const newRotationSchema = z.strictObject({
  secret: givenSecret,
  force: z.boolean().default(false).describe('Also where requests do not tell which secret they use'),
})

export const rotationQuerySchema = z.object({
  quietDays: quietDays(z.coerce.number().min(0).max(365).default(7)),
})

export const rotationEndSchema = z.strictObject({
  quietDays: quietDays(z.number().min(0).max(365).default(7)),
  force: z.boolean().default(false).describe('Drop it without the proof'),
})

export const clientRotationSchema = z
  .object({
    client: z.string(),
    proved: z.boolean().describe('Nobody uses the old secret any more, as far as anybody was seen'),
    obstacles: z.array(z.string()).readonly().describe('What speaks against dropping it now'),
    lastOldAt: z.exactOptional(instant),
    addresses: z
      .array(
        z.object({
          address: z.string(),
          state: z
            .enum(['new', 'old', 'untold'])
            .describe('Which secret it uses; untold: its requests carry no Message-Authenticator'),
          oldRequests: count,
          lastOldAt: z.exactOptional(instant),
          newRequests: count,
          lastNewAt: z.exactOptional(instant),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ClientRotation' })

const readiness = {
  requests: (schema: z.ZodType<number>) =>
    schema.describe('Requests with Message-Authenticator since the last one without'),
  days: (schema: z.ZodType<number>) => schema.describe('Days without one that lacked it'),
}

export const clientBoardQuerySchema = z.object({
  requests: readiness.requests(z.coerce.number().int().min(1).max(1_000_000).default(100)),
  days: readiness.days(z.coerce.number().min(0).max(365).default(7)),
})

export const clientBoardSchema = z
  .object({
    client: z.string(),
    state: z
      .enum(['strict', 'ready', 'not-ready', 'unseen'])
      .describe('strict: it is demanded already; ready: it could be'),
    obstacles: z.array(z.string()).readonly(),
    signed: count.describe('Access-Requests with Message-Authenticator'),
    unsigned: count.describe('Access-Requests without'),
    lastUnsignedAt: z.exactOptional(instant),
    signedSince: z.exactOptional(instant),
    addresses: z
      .array(
        z.object({
          address: z.string(),
          signed: count,
          unsigned: count,
          lastUnsignedAt: z.exactOptional(instant),
          firstSeenAt: instant,
          lastSeenAt: instant,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ClientBoard' })

export const boardEnforcementSchema = z.strictObject({
  clients: z.array(clientName).max(10_000).default([]),
  ready: z.boolean().default(false).describe('Every client that is ready, instead of those named'),
  force: z.boolean().default(false).describe('Also where a client is not ready'),
  requests: readiness.requests(z.int().min(1).max(1_000_000).default(100)),
  days: readiness.days(z.number().min(0).max(365).default(7)),
})

export const boardEnforcedSchema = servedVersionSchema.extend({
  clients: z.array(z.string()).readonly().describe('Held to Message-Authenticator by this version'),
})

export const adoptedClientSchema = z.strictObject({
  address: z.string().min(1).max(253).describe('IP address, CIDR network or DNS name'),
  name: clientName,
  vendor: z.enum(VENDORS).default('other'),
  secret: givenSecret,
})

export const supportBundleRequestSchema = z.strictObject({
  anonymous: z.boolean().default(false).describe('Pseudonyms instead of names and addresses of people'),
})

export const captureRequestSchema = z.strictObject({
  client: name.describe('RADIUS client, or the address of one that is not known'),
  seconds: z.int().min(1).max(600).default(60),
  packets: z.int().min(1).max(10_000).default(1000).describe('Both ways together'),
})

export const resolvedSchema = z.object({
  address: z.string(),
  networks: z.array(z.string()).readonly(),
  problem: z.exactOptional(z.string()).describe('Why there is no answer'),
})

const upstreamPortSchema = z
  .object({
    port: z.number(),
    state: z
      .enum(['up', 'suspect', 'dead', 'unused'])
      .describe('suspect: it missed an answer and is being asked; unused: nobody needs it'),
    since: z.exactOptional(instant),
    heardAt: z.exactOptional(instant).describe('Last verified reply of any kind'),
    answersStatusServer: z.boolean(),
    waiting: count.describe('Requests on their way'),
    requests: count,
    replies: count,
    timeouts: count,
    invalid: count.describe('Requests whose answers did not verify'),
    problem: z.exactOptional(z.string()),
  })
  .meta({ id: 'UpstreamPort' })

export const upstreamStatusSchema = z
  .object({
    name: z.string(),
    group: z.string(),
    host: z.string(),
    enabled: z.boolean(),
    priority: z.number(),
    weight: z.number(),
    authentication: upstreamPortSchema,
    accounting: upstreamPortSchema,
  })
  .meta({ id: 'Upstream' })

export const upstreamListSchema = z
  .object({
    items: z.array(upstreamStatusSchema).readonly(),
    waiting: z
      .array(z.object({ group: z.string(), records: count, oldestAt: instant }))
      .readonly()
      .describe('Accounting records a group is still to be given'),
  })
  .meta({ id: 'UpstreamList' })

export const sessionSchema = z
  .object({
    id: z.string(),
    client: z.string(),
    user: z.exactOptional(z.string()),
    state: z.enum(['live', 'stopped', 'lost']),
    receipt: z.exactOptional(z.string()).describe('The decision that let it in'),
    acctSessionId: z.string(),
    nas: z.exactOptional(z.string()).describe('NAS-Identifier, else the address of the device'),
    userName: z.exactOptional(z.string()).describe('User-Name as the device reports it'),
    framedIpAddress: z.exactOptional(z.string()),
    framedIpv6Prefix: z.exactOptional(z.string()),
    framedIpv6Address: z.exactOptional(z.string()),
    delegatedIpv6Prefix: z.exactOptional(z.string()),
    callingStationId: z.exactOptional(z.string()),
    calledStationId: z.exactOptional(z.string()),
    inputOctets: count,
    outputOctets: count,
    sessionSeconds: count,
    counterWraps: z.exactOptional(count).describe('Times a 32-bit counter passed 2^32'),
    counterResets: z.exactOptional(count).describe('Times the device lost its count'),
    terminateCause: z.exactOptional(z.string()),
    startedAt: instant,
    updatedAt: instant,
    heardAt: z.exactOptional(instant).describe('When the last report arrived'),
    stoppedAt: z.exactOptional(instant),
  })
  .meta({ id: 'Session' })

/** What a device said to a CoA or Disconnect. */
const actionOutcome = {
  outcome: z
    .enum(['acknowledged', 'refused', 'no-answer', 'unsupported'])
    .describe('unsupported: nothing was sent'),
  errorCause: z.exactOptional(z.string()).describe('Error-Cause of the device (RFC 5176 section 3.5)'),
  reason: z.exactOptional(z.string()).describe('Reason code'),
  sentence: z.exactOptional(z.string()).describe('The reason for people'),
  nextStep: z.exactOptional(z.string()),
}

export const sessionActionRequestSchema = z.strictObject({
  action: z.enum([...SESSION_ACTIONS, 'change']),
  profile: z.exactOptional(name).describe('With change: the authorization profile whose attributes it gets'),
})

export const sessionActionResultSchema = z.object({ id: z.exactOptional(z.int()), ...actionOutcome })

export const sessionActionSchema = z
  .object({
    id: z.int(),
    at: instant,
    session: z.string(),
    receipt: z.exactOptional(z.string()).describe('The decision that let the session in'),
    client: z.string(),
    user: z.exactOptional(z.string()),
    callingStationId: z.exactOptional(z.string()),
    action: z.enum([...SESSION_ACTIONS, 'change']),
    profile: z.exactOptional(z.string()),
    askedBy: z.enum(['admin', 'policy', 'grants', 'relay']),
    askedByName: z.exactOptional(z.string()),
    device: z.exactOptional(z.string()).describe('Address and port it went to'),
    request: z.exactOptional(
      z.object({
        packet: z.string(),
        attributes: z.array(z.object({ name: z.string(), value: z.string() })),
      }),
    ),
    ...actionOutcome,
    outcome: z.enum(['sending', ...actionOutcome.outcome.options]),
    attempts: count.describe('Datagrams sent'),
    finishedAt: z.exactOptional(instant),
  })
  .meta({ id: 'SessionAction' })
export const grantActionSchema = z
  .object({
    id: z.int(),
    kind: z.string().describe('session'),
    grant: z.string().describe('Which one: id of the session'),
    user: z.exactOptional(z.string()),
    client: z.string(),
    receipt: z.exactOptional(z.string()).describe('The decision it rests on'),
    action: z.enum(['revoke', 'change', 'undecided']),
    state: z
      .enum(['waiting', 'acknowledged', 'done', 'obsolete', 'failed', 'left'])
      .describe('obsolete: not needed any more; left: cannot be decided again'),
    reason: z.string().describe('Reason code: why it cannot stay as it is'),
    sentence: z.string(),
    changes: z.array(z.string()).readonly().describe('Old and new values'),
    cause: z.string().describe('What changed'),
    askedBy: z.string(),
    attempts: count,
    result: z.exactOptional(z.string()).describe('Reason code: what went wrong'),
    resultSentence: z.exactOptional(z.string()),
    nextStep: z.exactOptional(z.string()),
    createdAt: instant,
    updatedAt: instant,
    nextAt: z.exactOptional(instant),
  })
  .meta({ id: 'GrantAction' })

/** Exactly one of them. */
export const recheckSchema = z.strictObject({
  user: z.exactOptional(name),
  group: z.exactOptional(name),
  certificate: z.exactOptional(z.string().min(1).max(100)).describe('Serial number'),
  all: z.exactOptional(z.literal(true)),
})

export const receiptSchema = z
  .object({
    id: z.string(),
    at: instant,
    client: z.string(),
    user: z.exactOptional(z.string()),
    outcome: z.string(),
    reason: z.exactOptional(z.string()),
    sentence: z.exactOptional(z.string()).describe('The reason for people'),
    method: z.exactOptional(z.string()),
    rule: z.exactOptional(z.string()),
    callingStationId: z.exactOptional(z.string()),
    configVersion: z.int().min(0),
  })
  .meta({ id: 'Receipt' })

/** The stored receipt whole: facts with their origin, steps, reply. Receipts hold no secrets by construction. */
export const receiptDetailSchema = receiptSchema.extend({ body: z.record(z.string(), z.unknown()) })

export const explanationSchema = z
  .object({
    id: z.string(),
    outcome: z.string(),
    sentence: z.string().describe('What happened'),
    reason: z.string().describe('Reason code'),
    nextStep: z.exactOptional(z.string()).describe('What whoever must fix it does next'),
    text: z.string().describe('The whole explanation, for a terminal'),
    changes: z
      .array(z.string())
      .readonly()
      .describe('What is different from the last accept of the same account, and some rule reads'),
    otherChanges: z.array(z.string()).readonly().describe('What is different, but no rule reads'),
    trace: z
      .exactOptional(z.unknown())
      .describe('Each rule tried, the sub-condition that failed, the values seen'),
  })
  .meta({ id: 'Explanation' })

// --- the server itself

export const componentSchema = z.enum(COMPONENTS)

export const logLevelsSchema = z.record(
  componentSchema,
  z.object({ level: z.enum(LEVELS), until: z.exactOptional(instant) }),
)

export const logLevelRequestSchema = z.strictObject({
  level: z.enum(LEVELS),
  minutes: z.int().min(1).max(1440).default(15).describe('Then it falls back by itself'),
})

export const healthSchema = z.object({
  version: z.string(),
  startedAt: instant,
  ready: z.boolean(),
  configVersion: z.int().min(0),
  parts: z
    .array(
      z.object({
        name: z.string(),
        state: z.enum(['ok', 'degraded', 'down']),
        detail: z.exactOptional(z.string()),
      }),
    )
    .readonly(),
  warnings: z.array(z.string()).readonly(),
})

// --- lists

export const listQuerySchema = z.object({
  search: z.exactOptional(z.string().max(253)),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.exactOptional(z.string().max(500)).describe('`next` of the page before'),
})

export const certificateQuerySchema = listQuerySchema.extend({ kind: z.exactOptional(z.string().max(50)) })

export const sessionQuerySchema = listQuerySchema.extend({
  state: z.exactOptional(z.enum(['live', 'stopped', 'lost'])),
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
  mac: z
    .exactOptional(
      z
        .string()
        .max(64)
        .refine((text) => normaliseMac(text) !== undefined, 'Not a MAC address.'),
    )
    .describe('Of one device, in any format'),
  station: z.exactOptional(z.string().max(253)).describe('Calling-Station-Id'),
  address: z
    .exactOptional(
      z
        .string()
        .max(64)
        .refine((text) => addressSearch(text) !== undefined, 'Not an IP address or prefix.'),
    )
    .describe('IPv4 or IPv6 address of the session, or a prefix'),
  acctSessionId: z.exactOptional(z.string().max(253)),
  since: z.exactOptional(z.iso.datetime({ offset: true })).describe('Begun then or later'),
})

export const sessionActionQuerySchema = listQuerySchema.omit({ search: true }).extend({
  session: z.exactOptional(z.string().max(100)),
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
})

export const grantActionQuerySchema = listQuerySchema.omit({ search: true }).extend({
  state: z.exactOptional(z.enum(['open', 'waiting', 'acknowledged', 'done', 'obsolete', 'failed', 'left'])),
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
})

export const receiptQuerySchema = listQuerySchema.extend({
  user: z.exactOptional(z.string().max(253)),
  client: z.exactOptional(z.string().max(253)),
  outcome: z.exactOptional(z.enum(['accept', 'reject', 'drop'])),
  reason: z.exactOptional(z.string().max(100)).describe('A reason code; an unknown one is refused'),
  station: z.exactOptional(z.string().max(253)).describe('Calling-Station-Id; a MAC address in any spelling'),
})

/** `next` is absent on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item).readonly(), next: z.exactOptional(z.string()) })
}

export const nameParameter = z.object({ name: z.string().min(1).max(253) })
export const serialParameter = z.object({ serial: z.string().min(1).max(100) })
export const idParameter = z.object({ id: z.string().min(1).max(200) })
