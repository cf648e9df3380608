/** One realm, four kinds of sources: each user is known to one of them, and logs in wherever it stands in the order. */
import { join } from 'node:path'
import { issue } from '../../certificates.ts'
import { startFreeRadiusTarget } from '../../freeradius-target.ts'
import type { LabCase } from '../../scenario.ts'
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import { TacacsServer } from '../../tacacs-server.ts'
import { LOCAL_PASSWORD, type More } from './configuration.ts'
import type { DirectoryHouse } from './house.ts'
import { ACCEPTED, ACCEPTED_VPN, expectLogin, UNAVAILABLE, WRONG, wrongPassword } from './slapd-logins.ts'

const UPSTREAM_SECRET = 'secret-of-the-upstream'
const TACACS_SECRET = 'secret-of-tacacs'
const PASSWORD = 'Somewhere-Else-1'

/** FreeRADIUS knows ursula, the TACACS+ server tara; both say of everybody else that the password is wrong. */
async function startOthers(house: DirectoryHouse, parts: AsyncDisposableStack): Promise<More> {
  const prefix = house.network.prefix('server')
  const tls = issue(house.clientCa, 'upstream', {
    ...{ commonName: 'upstream', subjectAltName: 'DNS:upstream.lab.test', extendedKeyUsage: 'serverAuth' },
  })
  const freeradius = parts.use(
    await startFreeRadiusTarget({
      ...{ folder: join(house.folder, 'upstream'), secret: UPSTREAM_SECRET, prefix, signsReplies: true },
      user: { name: 'ursula', password: PASSWORD },
      tls: { ...tls, ca: house.clientCa.certificate },
    }),
  )
  const tacacs = parts.use(
    await TacacsServer.open(TACACS_SECRET, [{ name: 'tara', password: PASSWORD }], 0, prefix),
  )
  const realm = (name: string, sources: readonly string[]) => ({ name, suffixes: [`${name}.test`], sources })
  return {
    upstreams: [
      {
        ...{ name: 'upstream', group: 'others', host: '127.0.0.1', secret: UPSTREAM_SECRET },
        ...{ authenticationPort: freeradius.port, accountingPort: freeradius.acctPort },
      },
    ],
    sources: [
      { name: 'upstream', kind: 'radius', group: 'others', userName: 'bare', onWrongPassword: 'next' },
      {
        ...{ name: 'tacacs', kind: 'tacacs', secret: TACACS_SECRET, onWrongPassword: 'next' },
        servers: [`127.0.0.1:${tacacs.port}`],
      },
    ],
    realms: [
      realm('forwards', ['local', 'upstream', 'regular', 'tacacs']),
      realm('backwards', ['tacacs', 'regular', 'upstream', 'local']),
    ],
  }
}

export const ORDER_CASES: readonly LabCase<DirectoryHouse>[] = [
  {
    name: 'authentication order: local, FreeRADIUS, slapd, TACACS+ in two orders, with one of them hanging',
    async run(house) {
      await using parts = new AsyncDisposableStack()
      await house.serve({}, await startOthers(house, parts))
      parts.defer(() => house.serve())
      for (const realm of ['forwards.test', 'backwards.test']) {
        await expectLogin(house, `lola@${realm}`, LOCAL_PASSWORD, ACCEPTED)
        await expectLogin(house, `ursula@${realm}`, PASSWORD, ACCEPTED)
        await expectLogin(house, `bob@${realm}`, LDAP_PASSWORD, ACCEPTED_VPN)
        await expectLogin(house, `tara@${realm}`, PASSWORD, ACCEPTED)
        await expectLogin(house, `bob@${realm}`, wrongPassword(), WRONG)
        await expectLogin(house, `nobody@${realm}`, PASSWORD, WRONG)
      }
      house.backends.slapd.hang()
      try {
        // Who is known before the silent source, or accepted after it, comes in; of anybody else nothing is known.
        await expectLogin(house, 'ursula@forwards.test', PASSWORD, ACCEPTED)
        await expectLogin(house, 'tara@forwards.test', PASSWORD, ACCEPTED)
        await expectLogin(house, 'bob@forwards.test', LDAP_PASSWORD, UNAVAILABLE)
        await expectLogin(house, 'lola@forwards.test', wrongPassword(), WRONG)
      } finally {
        house.backends.slapd.resume()
      }
      return 'four sources, each finds its own'
    },
  },
]
