import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { askInTurn } from './service-records.ts'

const NAME = '_ldap._tcp.dc._msdcs.ad.test'
/** QR, AA and RD (RFC 1035 section 4.1.1). */
const ANSWER = 0x8500
const TRUNCATED = 0x0200

/** What a question becomes: its target `dc1` and a pointer to `ad.test` inside the question, as Samba writes it. */
function answerTo(question: Buffer, flags = ANSWER): Buffer {
  const name = Buffer.from(NAME.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]))
  const domainAt = 12 + name.length - 'ad.test'.length - 1
  const target = Buffer.from([3, ...Buffer.from('dc1'), 0xc0, domainAt])
  const record = Buffer.alloc(18)
  record.writeUInt16BE(0xc00c, 0)
  record.writeUInt16BE(33, 2)
  record.writeUInt16BE(1, 4)
  record.writeUInt32BE(900, 6)
  record.writeUInt16BE(6 + target.length, 10)
  record.writeUInt16BE(0, 12)
  record.writeUInt16BE(100, 14)
  record.writeUInt16BE(389, 16)
  const message = Buffer.concat([question, record, target])
  message.writeUInt16BE(flags, 2)
  message.writeUInt16BE(1, 6)
  return message
}

async function nameServer(answers: (question: Buffer) => readonly Buffer[]) {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    for (const answer of answers(question)) socket.send(answer, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  return { server: `127.0.0.1:${port}`, port, [Symbol.dispose]: () => socket.close() }
}

const FOUND = [{ name: 'dc1.ad.test', port: 389, priority: 0, weight: 100 }]

test('ok/a target that is compressed against RFC 2782, as the DNS server of Samba sends it', async () => {
  using dns = await nameServer((question) => [answerTo(question)])
  assert.deepEqual(await askInTurn([dns.server], NAME), FOUND)
})

test('ok/what answers another question is read over, and so is garbage', async () => {
  using dns = await nameServer((question) => {
    const other = answerTo(question)
    other.writeUInt16BE(question.readUInt16BE() ^ 1, 0)
    const stranger = answerTo(question)
    stranger[13] = 'x'.charCodeAt(0)
    return [Buffer.from('garbage'), question, other, stranger, answerTo(question)]
  })
  assert.deepEqual(await askInTurn([dns.server], NAME), FOUND)
})

test('ok/a truncated answer is asked for again over TCP, whose octets come one by one', async () => {
  using dns = await nameServer((question) => {
    const head = Buffer.from(question)
    head.writeUInt16BE(ANSWER | TRUNCATED, 2)
    return [head]
  })
  const tcp = createServer((socket) => {
    socket.once('data', (message: Buffer) => {
      const answer = answerTo(message.subarray(2))
      const length = Buffer.alloc(2)
      length.writeUInt16BE(answer.length)
      for (const octet of Buffer.concat([length, answer])) socket.write(Buffer.from([octet]))
    })
  })
  tcp.listen(dns.port, '127.0.0.1')
  await once(tcp, 'listening')
  try {
    assert.deepEqual(await askInTurn([dns.server], NAME), FOUND)
  } finally {
    tcp.close()
  }
})

test('fail/a silent name server costs a second, then the next one is asked', async () => {
  using silent = await nameServer(() => [])
  using dns = await nameServer((question) => [answerTo(question)])
  assert.deepEqual(await askInTurn([silent.server, dns.server], NAME), FOUND)
  await assert.rejects(askInTurn([silent.server], NAME), /did not answer/)
  await assert.rejects(askInTurn([], NAME), /no name server/)
})

test('fail/a name that points at itself is no answer', async () => {
  using dns = await nameServer((question) => {
    const loop = answerTo(question)
    loop.writeUInt16BE(0xc000 | question.length, question.length)
    return [loop]
  })
  await assert.rejects(askInTurn([dns.server], NAME), /did not answer/)
})
