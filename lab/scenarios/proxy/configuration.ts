/** Realm partner.test is answered by two FreeRADIUS servers; everything else is ours. */
import type { Upstream } from './house.ts'

export const PASSWORD = 'Pr0xied-Passw0rd'
export const NAS_SECRET = 'secret-of-the-access-point'
export const UPSTREAM_SECRET = 'secret-between-two-servers'

/** The `users` file of the upstreams; the last entry, without check items, is the user of the target itself. */
export const UPSTREAM_USERS = [
  `generous@partner.test Cleartext-Password := "${PASSWORD}"`,
  '  Reply-Message := "welcome",',
  '  Class := 0x757073747265616d,',
  '  Session-Timeout := 1234,',
  '  Tunnel-Type:1 := VLAN,',
  '  Tunnel-Medium-Type:1 := IEEE-802,',
  '  Tunnel-Private-Group-Id:1 := "666",',
  '  Tunnel-Password:1 := "tunnel secret",',
  '  Cisco-AVPair := "shell:priv-lvl=15"',
  '',
  `carol@guest.test Cleartext-Password := "${PASSWORD}"`,
  '  Filter-Id := "visitors"',
  '',
  `bob Cleartext-Password := "${PASSWORD}"`,
  '  Reply-Message := "name without realm"',
  '',
]

export function configuration([first, second]: readonly [Upstream, Upstream]): string {
  const upstream = (name: string, priority: number, { wire, accountingWire }: Upstream): string =>
    `  - { name: ${name}, group: partner, host: 127.0.0.1, authenticationPort: ${wire.port}, ` +
    `accountingPort: ${accountingWire.port}, secret: ${UPSTREAM_SECRET}, priority: ${priority}, ` +
    'timeoutMilliseconds: 200, retries: 1, statusIntervalSeconds: 1, deadTimeSeconds: 2 }'
  return `
clients:
  - { name: ap, address: 127.0.0.1, secret: ${NAS_SECRET} }
sources:
  - { name: local, kind: local, passwordStorage: reversible }
  - { name: guests, kind: radius, group: partner, onWrongPassword: stop }
upstreams:
${upstream('first', 1, first)}
${upstream('second', 2, second)}
realms:
  - { name: default, default: true, sources: [local] }
  - name: partner
    suffixes: [partner.test]
    patterns: ['^[^@]+@[a-z]+\\.partner\\.test$']
    proxy: { group: partner }
  - { name: guests, suffixes: [guest.test], sources: [guests, local] }
  - { name: home, suffixes: [home.test], sources: [local] }
profiles:
  - { name: guest, vlan: 42, filterId: guests }
rules:
  - { name: nobody-called-eve, when: user.name == "eve", effect: reject }
  - { name: partners, when: user.source == "partner" && auth.method == "proxied", effect: accept, profiles: [guest] }
  - { name: guests, when: 'user.source == "guests" && user.attributes["Filter-Id"] == "visitors"', effect: accept }
  - { name: staff, when: user.source == "local", effect: accept }
users:
  - { name: alice, password: ${PASSWORD} }
`
}
