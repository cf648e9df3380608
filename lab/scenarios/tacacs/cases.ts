/** Users that TACACS+ servers know, by methods that end here. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { debianClient, dissect } from '../../tacacs-server.ts'
import { until } from '../../until.ts'
import { BOB, CAROL, LOCAL_PASSWORD, PASSWORD, type TacacsHouse } from './house.ts'

type Case = LabCase<TacacsHouse>

function directCase(name: string, attribute: string, type: number): Case {
  return {
    name: `${name}: right and wrong, and tshark reads what was sent`,
    async run(house) {
      const before = house.first.starts().length
      const right = await house.login('carol@tac.test', `${attribute} = "${PASSWORD}"`)
      assert.equal(right.code, 'Access-Accept', right.output)
      const { body } = await house.receipt(right.station)
      const facts = body.facts as { user?: { name?: string; source?: string } }
      assert.deepEqual([facts.user?.name, facts.user?.source], ['carol', 'tac'])
      const wrong = await house.login('carol@tac.test', `${attribute} = "wrong"`)
      assert.equal(wrong.code, 'Access-Reject', wrong.output)
      assert.equal((await house.receipt(wrong.station)).body.reason.code, 'wrong-password')

      const starts = house.first.starts().slice(before)
      assert.deepEqual(
        starts.map((start) => [start.type, start.user, start.version & 0xf]),
        [
          [type, 'carol', 1],
          [type, 'carol', 1],
        ],
      )
      assert.equal(starts[0]?.address, right.station.replaceAll('-', '').toLowerCase())
      const seen = await dissect(starts[0]?.packet ?? '', house.first.secret, house.folder)
      assert.match(seen, /Minor version: 1.*Encrypted payload.*Action: Inbound Login.*User: carol/s)
      assert.match(seen, new RegExp(`Authentication type: ${name} `))
      assert.doesNotMatch(seen, /Malformed|Expert/)
      return seen
        .split('\n')
        .filter((line) => /type:|User:/.test(line))
        .map((line) => line.trim())
        .join(', ')
    },
  }
}

/** The server answers names of this kind in its own way -> what the device gets, and why. */
function answerCase(user: string, code: string | undefined, reason: string, detail: RegExp): Case {
  return {
    name: `a server that answers "${user}": ${code ?? 'silence'}`,
    async run(house) {
      const reply = await house.pap(`${user}@tac.test`, PASSWORD, 1)
      assert.equal(reply.code, code, reply.output)
      const { body, sentence } = await house.receipt(reply.station)
      assert.equal(body.reason.code, reason)
      assert.match(sentence ?? '', detail)
      return sentence ?? ''
    },
  }
}

export const TACACS_CASES: readonly Case[] = [
  {
    name: "Debian's TACACS+ client and the stand-in server understand each other",
    async run({ first }) {
      for (const kind of ['ascii', 'pap', 'chap'] as const) {
        assert.equal(await debianClient(first, CAROL, kind), 'PASS', kind)
        const wrong = await debianClient(first, { ...CAROL, password: 'wrong' }, kind)
        assert.match(wrong, /Authentication failed/, kind)
      }
      return 'ASCII, PAP, CHAP'
    },
  },
  directCase('PAP', 'User-Password', 2),
  directCase('CHAP', 'CHAP-Password', 3),
  {
    name: 'EAP-TTLS with PAP, and the keys match',
    async run(house) {
      const right = await house.tunnel('carol@tac.test', PASSWORD)
      assert.ok(right.success, right.output.slice(-3000))
      assert.deepEqual(right.keys, { ok: 1, mismatch: 0 })
      const wrong = await house.tunnel('carol@tac.test', 'wrong')
      assert.ok(!wrong.accepted && !wrong.success)
      return `${right.roundTrips} round trips`
    },
  },
  {
    name: 'MS-CHAPv2 is no business of TACACS+: the source is passed over',
    async run(house) {
      const before = house.first.starts().length
      const local = await house.login('bob@both.test', `MS-CHAP-Password = "${LOCAL_PASSWORD}"`)
      assert.equal(local.code, 'Access-Accept', local.output)
      const alone = await house.login('carol@tac.test', `MS-CHAP-Password = "${PASSWORD}"`)
      assert.equal(alone.code, 'Access-Reject', alone.output)
      assert.equal((await house.receipt(alone.station)).body.reason.code, 'form-unsupported')
      assert.equal(house.first.starts().length, before)
      return 'bob by the local source, carol not at all'
    },
  },
  {
    name: 'a wrong password ends it, or goes on to the next source, as configured',
    async run(house) {
      const ends = await house.pap('bob@both.test', LOCAL_PASSWORD)
      assert.equal(ends.code, 'Access-Reject', ends.output)
      const goesOn = await house.pap('bob@next.test', LOCAL_PASSWORD)
      assert.equal(goesOn.code, 'Access-Accept', goesOn.output)
      const both = await house.pap('bob@next.test', BOB.password)
      assert.equal(both.code, 'Access-Accept', both.output)
      const stranger = await house.pap('mallory@next.test', 'any')
      assert.equal(stranger.code, 'Access-Reject', stranger.output)
      const { body, sentence } = await house.receipt(stranger.station)
      assert.equal(body.reason.code, 'wrong-password')
      return sentence ?? ''
    },
  },
  answerCase('error', undefined, 'source-unavailable', /reports an error: "database down"/),
  answerCase('follow', 'Access-Reject', 'wrong-password', /"follow" is wrong/),
  answerCase('restart', 'Access-Reject', 'form-unsupported', /password/),
  answerCase('clear', undefined, 'source-unavailable', /in the clear/),
  answerCase('secret', undefined, 'source-unavailable', /another shared secret/),
  answerCase('close', undefined, 'source-unavailable', /closed the connection/),
  {
    name: 'names that look like parts of the protocol are names',
    async run(house) {
      for (const user of ['carol\\\\000', '*', '%{User-Name}', 'carol=Tac-Passw0rd']) {
        const reply = await house.pap(`${user}@tac.test`)
        assert.notEqual(reply.code, 'Access-Accept', user)
      }
      const long = await house.pap('carol@tac.test', 'x'.repeat(128))
      assert.equal(long.code, 'Access-Reject', long.output)
      return 'none accepted'
    },
  },
  {
    name: 'the preferred server hangs: the other answers; both gone: silence, or the next source; both back: accepted',
    async run(house) {
      house.first.hang()
      try {
        const other = await house.pap('carol@tac.test')
        assert.equal(other.code, 'Access-Accept', other.output)
        await house.killSecond()
        const silent = await house.pap('carol@tac.test', PASSWORD, 1)
        assert.equal(silent.code, undefined, silent.output)
        const { body, sentence } = await house.receipt(silent.station)
        assert.equal(body.reason.code, 'source-unavailable')
        const next = await house.pap('alice@both.test')
        assert.equal(next.code, 'Access-Accept', 'a source after it may still accept')
        const unsure = await house.pap('alice@both.test', 'wrong', 1)
        assert.equal(unsure.code, undefined, 'and nothing else counts')
        const stops = await house.pap('alice@stop.test', PASSWORD, 1)
        assert.equal(stops.code, undefined, 'onUnavailable: stop')
        const elsewhere = await house.pap('alice')
        assert.equal(elsewhere.code, 'Access-Accept', 'other realms notice nothing')
        return sentence ?? ''
      } finally {
        house.first.resume()
        await house.reviveSecond()
        await until('accepted again', async () =>
          (await house.pap('carol@tac.test', PASSWORD, 2)).code === 'Access-Accept' ? true : undefined,
        )
      }
    },
  },
]
