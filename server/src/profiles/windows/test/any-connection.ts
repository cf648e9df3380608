import fc from 'fast-check'
import { AUTHENTICATION_METHODS } from '../../../config/sections/connections/common.ts'
import {
  DH_GROUPS,
  IKE_ENCRYPTIONS,
  INTEGRITIES,
  TUNNEL_TYPES,
} from '../../../config/sections/connections/vpn.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)
const prefix = some([
  '10.0.0.0/8',
  '10.1.2.3/16',
  '192.168.7.9/32',
  '2001:db8::/32',
  '0.0.0.0/1',
  '2001:db8::5/127',
])
const suffix = some(['example.org', 'corp.example.org', 'a-b.example'])
const address = some(['10.0.0.53', '2001:db8::53'])
const person = some([undefined, EXAMPLE_PERSON, { userName: 'bob' }])
const eapMethods = AUTHENTICATION_METHODS.filter((method) => method !== 'mschapv2')

const common = {
  authentication: some(eapMethods),
  serverNames: some([['radius.example.org'], ['r1.example.org', 'r2.example.org'], ['localhost']]),
  anonymousIdentity: fc.boolean(),
  rememberCredentials: fc.boolean(),
}

/** The settings of any VPN that hang together, whatever their values. */
const vpnSettings = fc.record({
  ...common,
  authentication: some(AUTHENTICATION_METHODS),
  tunnelTypes: fc.uniqueArray(some(TUNNEL_TYPES), { minLength: 1 }),
  gateways: fc.array(fc.record({ address: some(['vpn.example.org', 'vpn2.example.org', '192.0.2.1']) }), {
    minLength: 1,
    maxLength: 3,
  }),
  l2tpMachineAuthentication: some(['psk', 'certificate']),
  preSharedKey: fc.constant('a shared & <secret> "key"'),
  encryption: some(['required', 'maximum', 'optional', 'none']),
  cryptography: fc.record({
    ike: fc.record({
      encryption: some(IKE_ENCRYPTIONS),
      integrity: some(INTEGRITIES),
      dhGroup: some(DH_GROUPS),
    }),
    esp: fc.record({
      encryption: some(IKE_ENCRYPTIONS),
      integrity: some(INTEGRITIES),
      pfsGroup: some(['none', ...DH_GROUPS]),
    }),
  }),
  routing: some(['full', 'split']),
  routes: fc.array(
    fc.record(
      { prefix, metric: fc.integer({ min: 1, max: 9999 }), exclude: fc.boolean() },
      { requiredKeys: ['prefix'] },
    ),
    { maxLength: 4 },
  ),
  dns: fc.record({
    suffixes: fc.array(suffix, { maxLength: 3 }),
    rules: fc.array(
      fc.record({
        suffix: some(['.example.org', 'host.example.org', '.corp.example']),
        servers: fc.array(address, { maxLength: 2 }),
        autoTrigger: fc.boolean(),
        persistent: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    register: fc.boolean(),
  }),
  trustedNetworks: fc.array(suffix, { maxLength: 3 }),
  triggerApplications: fc.array(
    some(['C:\\Program Files\\R&D\\a.exe', 'Microsoft.RemoteDesktop_8wekyb3d8bbwe']),
    {
      maxLength: 2,
    },
  ),
  alwaysOn: fc.boolean(),
  reconnect: fc.boolean(),
  idleDisconnectMinutes: some([0, 30]),
  allUsers: fc.boolean(),
  useLogonCredentials: fc.boolean(),
})
const optional = fc.record(
  {
    deviceTunnel: fc.record({
      routes: fc.array(prefix, { minLength: 1, maxLength: 3 }),
      trafficFilters: fc.array(
        fc.record(
          {
            protocol: fc.integer({ min: 0, max: 255 }),
            remotePorts: some(['53', '88,389,445', '49152-65535']),
            remotePrefixes: fc.array(prefix, { maxLength: 2 }),
          },
          { requiredKeys: ['protocol'] },
        ),
        { maxLength: 2 },
      ),
    }),
    proxy: fc.record(
      {
        server: fc.constant('proxy.example.org:3128'),
        autoConfigurationUrl: fc.constant('https://proxy.example.org/p.pac?a=1&b=2'),
        exceptions: fc.constant(['*.example.org']),
        bypassLocal: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    mtu: fc.constant(1400),
  },
  { requiredKeys: [] },
)

const port = { ...common, identity: some(['user', 'machine', 'both']), singleSignOn: fc.boolean() }
const wifiSettings = fc.record({
  ...port,
  hidden: fc.boolean(),
  security: some(['wpa2', 'wpa3', 'wpa3-192']),
  autoConnect: fc.boolean(),
  randomMac: fc.boolean(),
})

const wish = person.map((one): Partial<ProfileInput> => (one === undefined ? {} : { person: one }))

export const anyVpn = fc
  .tuple(vpnSettings, optional, wish)
  .map(([settings, more, who]) => exampleVpn({ ...settings, ...more }, who))
export const anyWifi = fc.tuple(wifiSettings, wish).map(([settings, who]) => exampleWifi(settings, who))
export const anyWired = fc.tuple(fc.record(port), wish).map(([settings, who]) => exampleWired(settings, who))
