/** Silence for whoever cannot prove to be a RADIUS client, counted and visible. */
import assert from 'node:assert/strict'
import { MESSAGE_AUTHENTICATOR } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { CLIENTS, PASSWORD, type RadiusHouse, STRANGER } from './house.ts'

type Case = LabCase<RadiusHouse>

const CREDENTIALS = ['User-Name = "alice"', `User-Password = "${PASSWORD}"`]
const SIGNED = [...CREDENTIALS, MESSAGE_AUTHENTICATOR]
const SECONDS = 0.4

export const SILENCE_CASES: readonly Case[] = [
  silent('wrong secret', SIGNED, { secret: 'not-the-secret' }),
  silent('no Message-Authenticator', CREDENTIALS, {}),
  silent('client that is switched off', SIGNED, { from: 'switched-off' }),
  silent('accounting with the wrong secret', ['Acct-Status-Type = Start', 'Acct-Session-Id = "x"'], {
    command: 'acct',
    secret: 'not-the-secret',
  }),
  {
    name: 'silence: unknown client, which is then listed',
    async run(house) {
      const { code, output } = await house.ask(SIGNED, { address: STRANGER, seconds: SECONDS })
      assert.equal(code, undefined, output)
      const { items } = await house.server.api.send<{ items: { address: string; packets: number }[] }>(
        'GET',
        '/clients/unknown',
      )
      const stranger = items.find(({ address }) => address === STRANGER)
      assert.ok((stranger?.packets ?? 0) >= 1, JSON.stringify(items))
      const listed = await house.server.cli('clients', 'unknown')
      assert.match(listed.output, new RegExp(STRANGER.replaceAll('.', '\\.')))
      return `${STRANGER}: ${stranger?.packets} packets`
    },
  },
  {
    name: 'legacy client may leave Message-Authenticator out, and gets one',
    async run(house) {
      const { code, attributes, output } = await house.ask(CREDENTIALS, { from: 'legacy' })
      assert.equal(code, 'Access-Accept', output)
      assert.match(attributes[0] ?? '', /^Message-Authenticator = 0x/)
      return `${code}, ${attributes[0]?.slice(0, 26)}...`
    },
  },
  {
    name: 'both secrets are valid during a rotation',
    async run(house) {
      const { secret, newSecret } = CLIENTS.rotating
      for (const each of [secret, newSecret]) {
        const { code, output } = await house.ask(SIGNED, { from: 'rotating', secret: each })
        assert.equal(code, 'Access-Accept', output)
      }
      return 'Access-Accept, Access-Accept'
    },
  },
]

function silent(name: string, attributes: readonly string[], ask: Parameters<RadiusHouse['ask']>[1]): Case {
  return {
    name: `silence: ${name}`,
    async run(house) {
      const client = ask?.from ?? 'gateway'
      const before = await house.droppedOf(client)
      const { code, output } = await house.ask(attributes, { ...ask, seconds: SECONDS })
      assert.equal(code, undefined, output)
      const dropped = (await house.droppedOf(client)) - before
      assert.ok(dropped >= 1, 'not counted')
      return `no answer, ${dropped} counted for ${client}`
    },
  }
}
