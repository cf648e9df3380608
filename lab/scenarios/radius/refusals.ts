/** Silence for whoever cannot prove to be a RADIUS client, counted and visible; one answer for one request. */
import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Attribute, attribute, encodeRequest, PacketCode, Secret } from '@sallyport/radius'
import {
  AcctSessionId,
  AcctStatusType,
  CallingStationId,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import { captureFile } from '../../capture.ts'
import { runToEnd } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { CLIENTS, PASSWORD, type RadiusHouse, STRANGER } from './house.ts'

type Case = LabCase<RadiusHouse>

const CREDENTIALS = ['User-Name = "alice"', `User-Password = "${PASSWORD}"`]
const SIGNED = [...CREDENTIALS, MESSAGE_AUTHENTICATOR]
const SECONDS = 0.4

const SILENCE: readonly Case[] = [
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

const REPEATED: readonly Case[] = [
  {
    name: 'a repeated Access-Request gets the same octets, and is one decision',
    async run(house) {
      const request = [
        attribute(UserName, 'alice'),
        attribute(UserPassword, Buffer.from(PASSWORD)),
        attribute(CallingStationId, 'repeated'),
      ]
      const { answers } = await repeat(house.server.authPort, PacketCode.AccessRequest, request)
      assert.equal(answers[0]?.[0], PacketCode.AccessAccept)
      assert.deepEqual(answers[1], answers[0])
      assert.deepEqual(answers[2], answers[0])
      await delay(200) // receipts that must not come
      const receipts = await house.server.api.receipts({ user: 'alice' })
      assert.equal(receipts.filter(({ callingStationId }) => callingStationId === 'repeated').length, 1)
      return `3 answers of ${answers[0]?.length} octets, equal; 1 receipt`
    },
  },
  {
    name: 'a repeated Accounting-Request gets the same octets',
    async run(house) {
      const request = [attribute(AcctStatusType, 1), attribute(AcctSessionId, 'repeated-1')]
      const { answers } = await repeat(house.server.acctPort, PacketCode.AccountingRequest, request)
      assert.equal(answers[0]?.[0], PacketCode.AccountingResponse)
      assert.deepEqual(answers[1], answers[0])
      assert.deepEqual(answers[2], answers[0])
      return `3 answers of ${answers[0]?.length} octets, equal`
    },
  },
]

const TSHARK: Case = {
  name: 'tshark finds request and answer right',
  async run(house) {
    const { authPort } = house.server
    const request = [attribute(UserName, 'alice'), attribute(UserPassword, Buffer.from(PASSWORD))]
    const { datagram, answers } = await repeat(authPort, PacketCode.AccessRequest, request)
    const [answer] = answers
    assert.ok(answer !== undefined)
    const file = join(house.folder, 'radius.pcap')
    const port = 40_000
    writeFileSync(
      file,
      captureFile([
        { octets: datagram, from: port, to: 1812 },
        { octets: answer, from: 1812, to: port },
      ]),
    )
    const options = [`radius.shared_secret:${CLIENTS.gateway.secret}`, 'radius.validate_authenticator:TRUE']
    const { output } = await runToEnd('tshark', [
      '-r',
      file,
      '-V',
      ...options.flatMap((each) => ['-o', each]),
    ])
    assert.match(output, /User-Password.*Decrypted: Vpn-Passw0rd!/)
    assert.match(output, /Code: Access-Accept \(2\)/)
    assert.match(output, /Authenticator: [0-9a-f]{32} \[correct\]/)
    assert.doesNotMatch(output, /incorrect|Malformed|Expert Info \((Error|Warning)/i)
    const types = [...output.slice(output.indexOf('Access-Accept')).matchAll(/AVP: t=([\w-]+)\(/g)]
    assert.equal(types[0]?.[1], 'Message-Authenticator')
    return `authenticator correct, ${types.length} attributes, Message-Authenticator first`
  },
}

const OPENSSL: readonly Case[] = [
  {
    name: 'openssl s_client: the API shows a certificate of our CA for its name',
    async run(house) {
      const { code, output } = await sClient(house, '-CAfile', join(house.server.data, 'ca.pem'))
      assert.equal(code, 0, output)
      assert.match(output, /Verify return code: 0 \(ok\)/)
      assert.match(output, /TLSv1\.3/)
      return 'Verify return code: 0 (ok), TLSv1.3'
    },
  },
  {
    name: 'openssl s_client: the API refuses TLS 1.1',
    async run(house) {
      const { code, output } = await sClient(house, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')
      assert.notEqual(code, 0, output)
      assert.match(output, /alert protocol version|unsupported protocol/)
      return 'alert protocol version'
    },
  },
]

export const REFUSAL_CASES: readonly Case[] = [...SILENCE, ...REPEATED, TSHARK, ...OPENSSL]

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

/** Sends one datagram three times from one socket, each after the answer before; resolves to the answers. */
async function repeat(port: number, code: number, attributes: readonly Attribute[]) {
  const secret = new Secret(CLIENTS.gateway.secret)
  const datagram = encodeRequest({ code, id: 7, secret, attributes })
  const socket = createSocket('udp4')
  try {
    socket.bind(0, CLIENTS.gateway.address)
    await once(socket, 'listening')
    const answers: Buffer[] = []
    for (let round = 0; round < 3; round++) answers.push(await answerTo(socket, datagram, port))
    return { datagram, answers }
  } finally {
    socket.close()
  }
}

async function answerTo(socket: Socket, datagram: Uint8Array, port: number): Promise<Buffer> {
  socket.send(datagram, port, '127.0.0.1')
  const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer]
  return answer
}

function sClient({ server }: RadiusHouse, ...args: string[]) {
  const target = [
    '-connect',
    `127.0.0.1:${server.httpsPort}`,
    '-servername',
    'localhost',
    '-verify_hostname',
    'localhost',
  ]
  return runToEnd('openssl', ['s_client', ...target, '-verify_return_error', ...args])
}
