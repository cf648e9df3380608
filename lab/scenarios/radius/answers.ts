/** One answer for one request, and an independent look at it. */
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
import type { LabCase } from '../../scenario.ts'
import { CLIENTS, PASSWORD, type RadiusHouse } from './house.ts'

type Case = LabCase<RadiusHouse>

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

export const ANSWER_CASES: readonly Case[] = [...REPEATED, TSHARK]

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
