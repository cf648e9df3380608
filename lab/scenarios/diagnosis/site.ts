/** A made-up site: every name in it is of this run alone. */
import type { Seeded } from './seeded.ts'

export interface SiteClient {
  readonly name: string
  /** On the loopback network: which RADIUS client asks. */
  readonly address: string
  readonly secret: string
}

const KINDS = [
  'gateway',
  'legacy',
  'switchedOff',
  'tlsOnly',
  'smartCard',
  'ttlsOnly',
  'byGroup',
  'closed',
  'wifi',
  'macs',
  'oneSession',
  'expired',
] as const
export type ClientKind = (typeof KINDS)[number]

/** Nobody's address. */
export const STRANGER = '127.0.0.99'

export class Site {
  readonly clients: Readonly<Record<ClientKind, SiteClient>>
  readonly serverName: string
  readonly clientCa: string
  /** Trusted as well, but nobody can say what it revoked. */
  readonly unreachableCa: string
  readonly strangerCa: string
  readonly staff: string
  readonly guests: string
  readonly allowing: string
  readonly rejecting: string
  readonly byPassword: string
  readonly realm: string
  /** Answered by a server that is not there. */
  readonly proxiedRealm: string
  readonly upstreamGroup: string
  readonly upstream: string
  readonly oneSession: string
  /** In a certificate of ours that has ended. */
  readonly expiredName: string
  readonly storedMac: string
  readonly disabledMac: string
  readonly seeded: Seeded
  readonly #users: string[] = []

  constructor(seeded: Seeded) {
    this.seeded = seeded
    const clients = KINDS.map((kind, index) => {
      const client = { name: seeded.name(), address: `127.0.0.${index + 1}`, secret: `of-${seeded.name()}` }
      return [kind, client] as const
    })
    this.clients = Object.fromEntries(clients) as Site['clients'] // fromEntries forgets the keys
    this.serverName = `${seeded.name()}.example.org`
    this.clientCa = `${seeded.name()} CA`
    this.strangerCa = `${seeded.name()} CA`
    this.unreachableCa = `${seeded.name()} CA`
    this.staff = seeded.name()
    this.guests = seeded.name()
    this.allowing = seeded.name()
    this.rejecting = seeded.name()
    this.byPassword = seeded.name()
    this.realm = `${seeded.name()}.example.org`
    this.proxiedRealm = `${seeded.name()}.example.net`
    this.upstreamGroup = seeded.name()
    this.upstream = seeded.name()
    this.oneSession = seeded.name()
    this.expiredName = `${seeded.name()}.example.org`
    this.storedMac = seeded.mac()
    this.disabledMac = seeded.mac()
  }

  /** A user with a password of its own, in the group that is let in; `fields` as in the configuration. */
  user(fields: Readonly<Record<string, unknown>> = {}): { readonly name: string; readonly password: string } {
    const name = this.seeded.name()
    const password = `Pw-${this.seeded.name()}`
    const all = { name, password, groups: [this.staff], ...fields }
    this.#users.push(`  - ${JSON.stringify(all)}`)
    return { name, password }
  }

  /** `expired`: the server certificate one client is shown. */
  configuration(
    cas: { readonly client: string; readonly unreachable: string },
    expired: { readonly chain: string; readonly key: string },
  ): string {
    const { clients, staff, guests } = this
    const rule = (kind: ClientKind) => `client.name == "${clients[kind].name}"`
    const more: Partial<Record<ClientKind, string>> = {
      legacy: ', requireMessageAuthenticator: false',
      switchedOff: ', enabled: false',
      macs: ', macAuthentication: { recognise: call-check }',
    }
    const lines = KINDS.map(
      (kind) =>
        `  - { name: ${clients[kind].name}, address: ${clients[kind].address}, secret: ${clients[kind].secret}${more[kind] ?? ''} }`,
    )
    return `
settings: { serverName: ${this.serverName}, eapSeconds: 5 }
clients:
${lines.join('\n')}
upstreams:
  - { name: ${this.upstream}, group: ${this.upstreamGroup}, host: 127.0.0.1, authenticationPort: 9, secret: nobody-hears-it, timeoutMilliseconds: 100, retries: 0 }
sources:
  - { name: local, kind: local, passwordStorage: reversible, lockout: { threshold: 3, durationMinutes: 60 } }
realms:
  - { name: default, default: true, sources: [local] }
  - { name: ${this.realm}, suffixes: [${this.realm}], sources: [local] }
  - { name: far, suffixes: [${this.proxiedRealm}], proxy: { group: ${this.upstreamGroup} } }
trust:
  - { name: own, kind: own }
  - name: foreign
    kind: pem
    pem: |
${cas.client.trim().replace(/^/gm, '      ')}
  - ${JSON.stringify({ name: 'unreachable', kind: 'pem', pem: cas.unreachable, revocation: { crlUrls: ['http://127.0.0.1:9/list.crl'] } })}
serverCertificates:
  - ${JSON.stringify({ name: 'bought', kind: 'pem', ...expired, clients: [clients.expired.name] })}
rules:
  - { name: ${this.rejecting}, when: '${rule('closed')}', effect: reject }
  - { name: only-tls, when: '${rule('tlsOnly')}', methods: { outer: [eap-tls] }, effect: accept }
  - { name: only-cards, when: '${rule('smartCard')}', methods: { outer: [peap], inner: [eap-tls] }, effect: accept }
  - { name: only-ttls, when: '${rule('ttlsOnly')}', methods: { outer: [eap-ttls], inner: [mschapv2] }, effect: accept }
  - name: ${this.byPassword}
    when: '${rule('byGroup')} && "${staff}" in user.groups'
    methods: { outer: [eap-mschapv2] }
    effect: accept
  - name: guests-elsewhere
    when: '${rule('byGroup')} && "${guests}" in user.groups'
    methods: { outer: [peap], inner: [eap-mschapv2] }
    effect: accept
  - { name: ${this.oneSession}, when: '${rule('oneSession')}', effect: accept, maximumSessions: { count: 1 } }
  - { name: known-devices, when: '"${staff}" in mac.groups', methods: { outer: [mab] }, effect: accept }
  - { name: elsewhere, when: 'user.source == "${this.upstreamGroup}"', methods: { outer: [proxied] }, effect: accept }
  - name: ${this.allowing}
    when: '"${staff}" in user.groups && client.name in ${JSON.stringify([clients.gateway.name, clients.legacy.name, clients.wifi.name, clients.expired.name])}'
    effect: accept
groups: [{ name: ${staff} }, { name: ${guests} }]
macs:
  - { mac: '${this.storedMac}', groups: [${staff}] }
  - { mac: '${this.disabledMac}', groups: [${staff}], disabled: true }
users:
${this.#users.join('\n')}
`
  }
}
