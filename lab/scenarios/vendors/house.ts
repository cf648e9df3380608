/** The server with a RADIUS client of every vendor, each at an address of its own on the loopback network. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../process.ts'
import { type RadclientReply, radclient } from '../../radclient.ts'
import { type Sallyport, startSallyport } from '../../sallyport.ts'

export const PASSWORD = 'Vpn-Passw0rd!'
/** Of all devices: tshark takes one for a whole capture. */
export const SECRET = 'secret-of-every-device'

export interface VendorCase {
  readonly vendor: string
  readonly address: string
  /** YAML of the profile's terms. */
  readonly profile: string
}

const PROFILES: Readonly<Record<string, string>> = {
  other:
    'vlan: 42, framedIpv6Prefix: "2001:db8:1::/64", delegatedIpv6Prefix: "2001:db8:2::/48", framedIpv6Address: "2001:db8::7", dnsServers: [192.0.2.53, "2001:db8::53"], acl: [permit udp from self to any port 53, deny ip from any to 10.0.0.0/8]',
  aruba: 'role: staff, vlan: 42',
  cisco:
    'vlan: staff, securityGroupTag: 16, urlRedirect: { url: "https://portal.example.org/", acl: REDIRECT }, acl: [deny ip from self to 10.0.0.0/8, permit ip from any to any]',
  'cisco-asa': 'role: STAFF, vlan: 42, privilegeLevel: 1',
  'cisco-wlc': 'acl: STAFF, bandwidth: { downKbps: 20000, upKbps: 5000 }',
  draytek: 'framedIpAddress: 192.0.2.99, idleTimeoutSeconds: 600',
  fortinet: 'role: vpn-users',
  hostapd: 'vlan: 42, sessionTimeoutSeconds: 3600, terminationAction: radius-request',
  hp: 'role: staff, voiceVlan: 100, bandwidth: { downKbps: 20000, upKbps: 5000 }, acl: [permit tcp from any to any port 443]',
  juniper: 'voiceVlan: voice, acl: [permit tcp from self to 192.0.2.0/24 port 443]',
  meraki: 'role: Guest policy, securityGroupTag: 7',
  microsoft: 'sessionTimeoutSeconds: 3600, mppe: { encryption: required, keyBits: [40, 128] }',
  mikrotik: 'role: staff, acl: staff-list, bandwidth: { downKbps: 20000, upKbps: 5000 }',
  paloalto: 'role: staff, adminRole: superreader',
  ruckus: 'role: staff, bandwidth: { downKbps: 20000 }',
  strongswan: 'role: staff, dnsServers: [192.0.2.53], interimIntervalSeconds: 600',
  ubiquiti: 'vlan: 42, bandwidth: { upKbps: 5000 }',
}

export const VENDOR_CASES: readonly VendorCase[] = Object.entries(PROFILES).map(
  ([vendor, profile], index) => ({
    vendor,
    address: `127.0.1.${index + 1}`,
    profile,
  }),
)

/** A list that takes several packets to a Cisco device. */
export const LONG_LIST = Array.from(
  { length: 250 },
  (_, n) => `permit tcp from self to 10.${n >> 6}.${n & 63}.0/24 port ${1000 + n}`,
)

function configuration(): string {
  const clients = VENDOR_CASES.map(
    ({ vendor, address }) =>
      `  - { name: ${vendor}, vendor: ${vendor}, address: ${address}, secret: ${SECRET} }`,
  )
  const profiles = VENDOR_CASES.map(({ vendor, profile }) => `  - { name: ${vendor}, ${profile} }`)
  const rules = VENDOR_CASES.map(
    ({ vendor }) =>
      `  - { name: ${vendor}, when: 'client.vendor == "${vendor}" && user.name == "alice"', effect: accept, profiles: [${vendor}] }`,
  )
  return `
clients:
${clients.join('\n')}
sources:
  - { name: local, kind: local, passwordStorage: reversible }
realms:
  - { name: default, default: true, sources: [local] }
profiles:
${profiles.join('\n')}
  - name: long
    acl: ${JSON.stringify(LONG_LIST)}
rules:
${rules.join('\n')}
  - { name: long, when: 'user.name == "long"', effect: accept, profiles: [long] }
users:
  - { name: alice, password: ${PASSWORD} }
  - { name: long, password: ${PASSWORD} }
`
}

export class VendorsHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly folder: string
  /** What `apply` said. */
  readonly applied: string
  readonly #parts: AsyncDisposableStack

  private constructor(parts: AsyncDisposableStack, server: Sallyport, folder: string, applied: string) {
    this.#parts = parts
    this.server = server
    this.folder = folder
    this.applied = applied
  }

  static async open(): Promise<VendorsHouse> {
    await using parts = new AsyncDisposableStack()
    const folder = parts.use(temporaryFolder('sallyport-vendors-')).path
    const data = join(folder, 'data')
    mkdirSync(data)
    const server = parts.use(await startSallyport({ data, args: ['--bind', '127.0.0.1'] }))
    const file = join(folder, 'site.yaml')
    writeFileSync(file, configuration())
    const { code, output } = await server.cli('apply', '--prune', '-f', file)
    if (code !== 0) throw new Error(output)
    return new VendorsHouse(parts.move(), server, folder, output)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  /** One request by radclient, from the device of a vendor. */
  async ask(vendor: string, attributes: readonly string[]): Promise<RadclientReply> {
    const { address } = caseOf(vendor)
    const secret = SECRET
    return await radclient({ command: 'auth', port: this.server.authPort, secret, from: address, attributes })
  }
}

export function caseOf(vendor: string): VendorCase {
  const found = VENDOR_CASES.find((each) => each.vendor === vendor)
  if (found === undefined) throw new Error(`no case of vendor ${vendor}`)
  return found
}
