/** IPv6 from end to end: clients, listeners, attributes, accounting, the API. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { eapolTest } from '../../eapol-test.ts'
import { MESSAGE_AUTHENTICATOR } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { ACCESS_POINT, GATEWAY, type Ipv6House, PASSWORD, SECRET, SERVER_LINK, STRANGER } from './house.ts'

type Case = LabCase<Ipv6House>

const LOGIN = ['User-Name = alice', `User-Password = "${PASSWORD}"`, MESSAGE_AUTHENTICATOR]

export const IPV6_CASES: readonly Case[] = [
  {
    name: 'radclient logs in over IPv6 and gets IPv6 attributes',
    async run(house) {
      const { code, attributes } = await house.ask(LOGIN, { from: GATEWAY })
      assert.equal(code, 'Access-Accept')
      for (const line of [
        'Framed-IPv6-Address = 2001:db8:7::7',
        'Framed-IPv6-Prefix = 2001:db8:8::/64',
        'Delegated-IPv6-Prefix = 2001:db8:9::/48',
        'DNS-Server-IPv6-Address = 2001:db8::53',
      ])
        assert.ok(attributes.includes(line), `${line} is not among\n${attributes.join('\n')}`)
      return `${attributes.length} attributes`
    },
  },
  {
    name: 'eapol_test logs in by PEAP from an address of an IPv6 network',
    async run(house) {
      const result = await eapolTest({
        network: ['eap=PEAP', 'identity="alice"', `password="${PASSWORD}"`, 'phase2="auth=MSCHAPV2"'],
        server: { host: '::1', port: house.server.authPort, secret: SECRET },
        from: ACCESS_POINT,
        folder: house.folder,
        prefix: house.network.prefix('server'),
      })
      assert.ok(result.success, result.output)
      assert.deepEqual(result.keys, { ok: 1, mismatch: 0 })
      const { output } = await house.server.cli('log', '--json')
      assert.match(output, /"client": ?"access-points"/)
      return `${result.roundTrips} round trips, keys match`
    },
  },
  {
    name: 'accounting keeps NAS-IPv6-Address, address and prefixes',
    async run(house) {
      const about = [
        'User-Name = alice',
        'Acct-Session-Id = six-1',
        'NAS-IPv6-Address = 2001:db8::10',
        'Framed-IPv6-Prefix = 2001:db8:8::/64',
        'Framed-IPv6-Address = 2001:db8:7::7',
        'Delegated-IPv6-Prefix = 2001:db8:9::/48',
      ]
      const start = await house.ask(['Acct-Status-Type = Start', ...about], {
        command: 'acct',
        from: GATEWAY,
      })
      assert.equal(start.code, 'Accounting-Response')
      using database = new DatabaseSync(join(house.folder, 'data', 'sallyport.db'), { readOnly: true })
      const columns = 'nas_address, framed_ipv6_prefix, framed_ipv6_address, delegated_ipv6_prefix'
      const row = database.prepare(`select ${columns} from sessions where acct_session_id = 'six-1'`).get()
      assert.deepEqual(
        { ...row },
        {
          nas_address: GATEWAY,
          framed_ipv6_prefix: '2001:db8:8::/64',
          framed_ipv6_address: '2001:db8:7::7',
          delegated_ipv6_prefix: '2001:db8:9::/48',
        },
      )
      return 'one session'
    },
  },
  {
    name: 'an unknown IPv6 address gets silence, and is listed',
    async run(house) {
      const { code } = await house.ask(LOGIN, { from: STRANGER, seconds: 1 })
      assert.equal(code, undefined)
      const { output } = await house.server.cli('clients', 'unknown', '--json')
      assert.ok(output.includes(`"${STRANGER}"`), output)
      return 'silence'
    },
  },
  {
    name: 'a link-local client is known on its own link',
    async run(house) {
      const { network, server } = house
      const ca = join(house.folder, 'data', 'ca.pem')
      const about = ['--server', `${SERVER_LINK}%uplink0`, '--port', String(server.authPort)]
      const login = ['--user', 'alice', '--password', PASSWORD, '--ca', ca]
      const command = [process.execPath, join(import.meta.dirname, '../../../server/src/cli/sallyport.js')]
      const right = await network.run('switch', [
        ...command,
        'test',
        'pap',
        ...about,
        ...login,
        '--secret',
        SECRET,
      ])
      assert.equal(right.code, 0, right.output)
      const { output } = await house.server.cli('log', '--json')
      assert.match(output, /"client": ?"switch"/)
      assert.doesNotMatch(output, /"client": ?"other-link"/)
      return 'fe80::2 through cable0'
    },
  },
  {
    name: 'IPv4 is served beside it',
    async run(house) {
      const { code } = await house.ask(LOGIN, { from: '127.0.0.1', host: '127.0.0.1' })
      assert.equal(code, 'Access-Accept')
      return 'accept'
    },
  },
  {
    name: 'the API answers on ::1 and knows every client',
    async run(house) {
      const { code, output } = await until('clients seen', async () => {
        const listed = await house.server.cli('clients')
        return listed.output.includes('2001:db8:1::/64') ? listed : undefined
      })
      assert.equal(code, 0)
      assert.match(output, /fe80::2%cable0/)
      return 'https://[::1]'
    },
  },
]
