/** A good packet cut, changed and doubled at every octet: none gets an answer, and the server lives. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Attribute, attribute, encodeRequest, PacketCode, Secret } from '@sallyport/radius'
import {
  AcctSessionId,
  AcctStatusType,
  EapMessage,
  ProxyState,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import type { LabCase } from '../../scenario.ts'
import { CLIENTS, PASSWORD, type RadiusHouse } from './house.ts'

type Case = LabCase<RadiusHouse>

const HEADER = 20

const LOGIN: readonly Attribute[] = [
  attribute(UserName, 'alice'),
  attribute(UserPassword, Buffer.from(PASSWORD)),
  attribute(ProxyState, Buffer.from('one')),
]
const EAP_START: readonly Attribute[] = [
  attribute(UserName, 'alice'),
  attribute(EapMessage, Buffer.from('0201000a01616c696365', 'hex')),
]
const SESSION: readonly Attribute[] = [attribute(AcctStatusType, 1), attribute(AcctSessionId, 'mutated')]

export const MUTATION_CASES: readonly Case[] = (
  [
    ['Access-Request with a password', PacketCode.AccessRequest, 'authPort', LOGIN],
    ['Access-Request with EAP', PacketCode.AccessRequest, 'authPort', EAP_START],
    ['Accounting-Request', PacketCode.AccountingRequest, 'acctPort', SESSION],
  ] as const
).map(([name, code, port, attributes]) => ({
  name: `mutations of an ${name} are met with silence`,
  async run({ server }) {
    const secret = new Secret(CLIENTS.gateway.secret)
    const good = encodeRequest({ code, id: 9, secret, attributes })
    const bad = mutationsOf(good)
    assert.ok(bad.length > 2 * good.length)
    const socket = createSocket('udp4')
    const answers: Buffer[] = []
    socket.on('message', (octets) => answers.push(octets))
    try {
      socket.bind(0, CLIENTS.gateway.address)
      await once(socket, 'listening')
      for (const octets of bad) {
        await new Promise((sent) => socket.send(octets, server[port], '127.0.0.1', sent))
      }
      // Datagrams of one socket are worked in order: this answer is the first, if the others had none.
      socket.send(good, server[port], '127.0.0.1')
      await once(socket, 'message', { signal: AbortSignal.timeout(5000) })
      assert.equal(answers.length, 1)
      assert.equal(answers[0]?.[1], 9)
    } finally {
      socket.close()
    }
    return `${bad.length} mutations, no answer; then one to the good packet`
  },
}))

function mutationsOf(good: Uint8Array): Uint8Array[] {
  const mutations: Uint8Array[] = []
  for (let at = 0; at < good.length; at++) {
    mutations.push(good.slice(0, at))
    for (const mask of [0x01, 0x80, 0xff]) mutations.push(withOctet(good, at, (good[at] ?? 0) ^ mask))
  }
  for (let at = HEADER; at < good.length; at += good[at + 1] ?? good.length) {
    mutations.push(withDoubled(good, at, good[at + 1] ?? 0))
  }
  return mutations
}

function withOctet(good: Uint8Array, at: number, value: number): Uint8Array {
  const octets = good.slice()
  octets[at] = value
  return octets
}

/** The attribute at an offset twice, and the length right. */
function withDoubled(good: Uint8Array, at: number, length: number): Uint8Array {
  const octets = Buffer.concat([good.subarray(0, at + length), good.subarray(at)])
  octets.writeUInt16BE(octets.length, 2)
  return octets
}
