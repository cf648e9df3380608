/** Users that FreeRADIUS knows, logged in by methods that end here: `sources: kind: radius`. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { LabCase } from '../../scenario.ts'
import { PASSWORD } from './configuration.ts'
import type { ProxyHouse } from './house.ts'

type Case = LabCase<ProxyHouse>

const USER = 'carol@guest.test'

function directCase(name: string, proof: string, extra?: RegExp): Case {
  return {
    name: `a radius source checks ${name}`,
    async run(house) {
      const reply = await house.login(USER, [proof.replace('PASSWORD', PASSWORD)])
      assert.equal(reply.code, 'Access-Accept', reply.output)
      if (extra !== undefined) assert.match(reply.output, extra)
      const { body, method } = await house.receipt(reply.station)
      const facts = body.facts as { user?: { source?: string; attributes?: Record<string, string> } }
      assert.equal(facts.user?.source, 'guests')
      assert.equal(facts.user?.attributes?.['Filter-Id'], 'visitors')
      const wrong = await house.login(USER, [proof.replace('PASSWORD', 'wrong')])
      assert.equal(wrong.code, 'Access-Reject', wrong.output)
      assert.equal((await house.receipt(wrong.station)).body.reason.code, 'wrong-password')
      return method ?? ''
    },
  }
}

function tunnelCase(name: string, lines: readonly string[], noKeys = false): Case {
  return {
    name: `a radius source checks ${name}, and the keys match`,
    async run(house) {
      const network = (password: string): readonly string[] => [
        ...lines,
        `identity="${USER}"`,
        `password="${password}"`,
        ...(noKeys ? [] : [`ca_cert="${join(house.server.data, 'ca.pem')}"`]),
      ]
      const result = await house.eap(network(PASSWORD), noKeys)
      assert.ok(result.success, result.output.slice(-3000))
      if (!noKeys) assert.deepEqual(result.keys, { ok: 1, mismatch: 0 })
      const wrong = await house.eap(network('wrong'), noKeys, 3)
      assert.ok(!wrong.accepted && !wrong.success, wrong.output.slice(-2000))
      return `${result.roundTrips} round trips`
    },
  }
}

export const SOURCE_CASES: readonly Case[] = [
  directCase('PAP', 'User-Password = "PASSWORD"'),
  directCase('CHAP', 'CHAP-Password = "PASSWORD"'),
  directCase('MS-CHAP', 'MS-CHAP-Password = "PASSWORD"', /MS-CHAP-MPPE-Keys/),
  tunnelCase('EAP-MSCHAPv2', ['eap=MSCHAPV2']),
  tunnelCase('PEAP with EAP-MSCHAPv2', ['eap=PEAP', 'phase2="auth=MSCHAPV2"', 'phase1="crypto_binding=2"']),
  tunnelCase('EAP-TTLS with MSCHAPv2', ['eap=TTLS', 'phase2="auth=MSCHAPV2"']),
  tunnelCase('EAP-TTLS with PAP', ['eap=TTLS', 'phase2="auth=PAP"']),
  {
    name: 'sallyport test mschapv2: the authenticator response of the upstream holds',
    async run(house) {
      const { code, output } = await house.server.command(
        ...['test', 'mschapv2', '--data', house.server.data, '--port', String(house.server.authPort)],
        ...['--secret', 'secret-of-the-access-point', '--user', USER, '--password', PASSWORD],
      )
      assert.equal(code, 0, output)
      return output.trim().split('\n').at(-1)?.trim() ?? ''
    },
  },
  {
    name: 'a session of PEAP that a radius source proved is not resumed',
    async run(house) {
      const result = await house.eap(
        [
          'eap=PEAP',
          `identity="${USER}"`,
          `password="${PASSWORD}"`,
          'phase2="auth=MSCHAPV2"',
          `ca_cert="${join(house.server.data, 'ca.pem')}"`,
        ],
        false,
        10,
        1,
      )
      assert.ok(result.success, result.output.slice(-3000))
      assert.equal(result.resumed, 0)
      return 'two whole logins'
    },
  },
  {
    name: 'a reject goes on to the next source only where configured; silence of the upstreams is no reject',
    async run(house) {
      const local = await house.login('alice@guest.test')
      assert.equal(local.code, 'Access-Reject', local.output)
      await house.serve((yaml) => yaml.replace('onWrongPassword: stop', 'onWrongPassword: next'))
      try {
        const next = await house.login('alice@guest.test')
        assert.equal(next.code, 'Access-Accept', next.output)
        for (const { wire } of [house.first, house.second]) wire.loses = () => true
        const silent = await house.login('carol@guest.test', undefined, 3)
        assert.equal(silent.code, undefined, silent.output)
        const { body, sentence } = await house.receipt(silent.station)
        assert.equal(body.reason.code, 'source-unavailable')
        return sentence ?? ''
      } finally {
        await house.serve()
        await house.mend()
      }
    },
  },
]
