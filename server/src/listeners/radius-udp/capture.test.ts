import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Capture } from './capture.ts'
import type { DatagramHandler } from './udp-listener.ts'

const LOCAL = { address: '192.0.2.1', port: 1812 }
const WIFI = { address: '192.0.2.10', port: 40_000 }
const OTHER = { address: '192.0.2.11', port: 40_000 }
const STRANGER = { address: '198.51.100.1', port: 40_000 }

function bench() {
  const clock = { now: 1000 }
  const clients: Readonly<Record<string, string>> = { [WIFI.address]: 'wifi', [OTHER.address]: 'other' }
  const looked: string[] = []
  const capture = new Capture(
    (address) => {
      looked.push(address)
      return clients[address]
    },
    () => clock.now,
  )
  const echo: DatagramHandler = (octets, _source, reply) => {
    // A datagram of no octets is dropped.
    if (octets.length > 0) reply(octets.map((octet) => octet + 1))
  }
  const sent: number[][] = []
  const handler = capture.watch(echo, LOCAL)
  const receive = (source: typeof WIFI, ...octets: number[]) =>
    handler(Uint8Array.from(octets), source, (answer) => void sent.push([...answer]))
  return { capture, clock, receive, sent, looked }
}

test('ok/both ways of one client, and what was dropped', () => {
  const { capture, receive, sent } = bench()
  capture.start({ client: 'wifi', packets: 100, until: 9000 })
  receive(WIFI, 1)
  receive(OTHER, 5)
  receive(WIFI)
  const { datagrams, isOver } = capture.take()
  assert.equal(isOver, false)
  assert.deepEqual(
    datagrams.map(({ from, to, octets }) => [from.address, to.address, ...octets]),
    [
      [WIFI.address, LOCAL.address, 1],
      [LOCAL.address, WIFI.address, 2],
      [WIFI.address, LOCAL.address],
    ],
  )
  assert.deepEqual(capture.take().datagrams, [])
  assert.deepEqual(sent, [[2], [6]])
})

test('ok/a stranger is captured by address', () => {
  const { capture, receive } = bench()
  capture.start({ client: STRANGER.address, packets: 100, until: 9000 })
  receive(STRANGER, 1)
  receive(WIFI, 1)
  assert.equal(capture.take().datagrams.length, 2)
})

test('fail/it ends at its number of datagrams, and at its time', () => {
  const { capture, clock, receive } = bench()
  capture.start({ client: 'wifi', packets: 3, until: 9000 })
  for (let n = 0; n < 10; n++) receive(WIFI, n)
  const { datagrams, isOver } = capture.take()
  assert.deepEqual([datagrams.length, isOver], [3, true])
  capture.start({ client: 'wifi', packets: 3, until: 9000 })
  clock.now = 9001
  receive(WIFI, 1)
  assert.deepEqual(capture.take(), { datagrams: [], isOver: true })
})

test('fail/nothing is kept or looked up while none runs', () => {
  const { capture, receive, looked, sent } = bench()
  receive(WIFI, 1)
  assert.deepEqual(looked, [])
  assert.deepEqual(sent, [[2]])
  assert.deepEqual(capture.take(), { datagrams: [], isOver: true })
})
