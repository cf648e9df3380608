/** The configuration the EAP cases run against: one gateway for the usual, one for each narrower rule. */
export const PASSWORD = 'Vpn-Passw0rd!'
export const SERVER_NAME = 'radius.lab.test'

/** Each asks from an address of its own on the loopback network. */
export const CLIENTS = {
  gateway: { address: '127.0.0.1', secret: 'secret-of-the-gateway' },
  /** Certificate inside PEAP, no password. */
  'smart-card': { address: '127.0.0.2', secret: 'secret-of-smart-card' },
  /** EAP-TLS and nothing else. */
  'tls-only': { address: '127.0.0.3', secret: 'secret-of-tls-only' },
  /** Which method is allowed depends on the group, which is known only at the end. */
  'by-group': { address: '127.0.0.4', secret: 'secret-of-by-group' },
} as const

export type RadiusClient = keyof typeof CLIENTS

/** Accounts in a state that keeps their owner out, all with the right password. */
const STATES = {
  disabled: 'disabled: true',
  expired: 'expiresAt: 2024-02-29T00:00:00Z',
  'must-change': 'mustChangePassword: true',
  'off-hours': `logonHours: ["${weekdayFarAway()} 03:00-04:00"]`,
} as const

export function configuration(clientCaPem: string, extra = ''): string {
  const clients = Object.entries(CLIENTS).map(
    ([name, { address, secret }]) => `  - { name: ${name}, address: ${address}, secret: ${secret} }`,
  )
  const members = ['alice', 'leaving', 'locked-out', 'resumer', 'mover', 'swapped', 'moody', 'quitter']
  const users = [
    ...members.map((name) => user(name)),
    ...Object.entries(STATES).map(([name, state]) => user(name, state)),
    user('nora', '', 'nt-hash'),
    user('argo', '', 'argon2id'),
  ]
  return `
settings: { serverName: ${SERVER_NAME}, timeZone: UTC }
clients:
${clients.join('\n')}
sources:
  - name: local
    kind: local
    passwordStorage: reversible
    lockout: { threshold: 3, durationMinutes: 60 }
realms:
  - { name: default, default: true, sources: [local] }
  - { name: lab.test, suffixes: [lab.test], sources: [local] }
trust:
${clientCa(clientCaPem)}
profiles:
  - { name: vpn, filterId: staff, vlan: 42, sessionTimeoutSeconds: 28800 }
rules:
  - name: smart-card
    when: client.name == "smart-card"
    methods: { outer: [peap], inner: [eap-tls] }
    effect: accept
  - name: tls-only
    when: client.name == "tls-only"
    methods: { outer: [eap-tls] }
    effect: accept
  - name: staff-by-password
    when: client.name == "by-group" && "VPN Users" in user.groups
    methods: { outer: [mschapv2, eap-mschapv2] }
    effect: accept
  - name: guests-by-peap
    when: client.name == "by-group" && "Guests" in user.groups
    methods: { outer: [peap], inner: [eap-mschapv2] }
    effect: accept
  - name: vpn-users
    when: client.name == "gateway" && "VPN Users" in user.groups
    effect: accept
    profiles: [vpn]
groups:
  - { name: VPN Users, members: [Staff] }
  - { name: Staff }
  - { name: Guests }
users:
${users.join('\n')}
${extra}`
}

/** The `trust` entry for client certificates. */
export function clientCa(pem: string): string {
  return `  - name: lab\n    kind: pem\n    pem: |\n${pem.trim().replace(/^/gm, '      ')}`
}

function user(name: string, state = '', passwordStorage = 'reversible'): string {
  const fields = [`name: ${name}`, `password: ${PASSWORD}`, `passwordStorage: ${passwordStorage}`, state]
  return `  - { ${fields.filter((field) => field !== '').join(', ')}, groups: [Staff] }`
}

/** Three days from now: never today, whatever the time zone and however long the run. */
function weekdayFarAway(): string {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getUTCDay() + 3) % 7] as string
}
