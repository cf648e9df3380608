import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { decodeContinue, type Header, HeaderFlag, papStart, ReplyStatus } from '@sallyport/tacacs'
import { exchange, type ServerWord } from './exchange.ts'
import { AnsweringServer, promise, reply, SECRET } from './test/answering.ts'

const NOTHING = new Uint8Array(0)
const START = papStart({ user: fromUtf8('alice'), port: NOTHING, remoteAddress: NOTHING }, fromUtf8('pw'))

type Answer = Parameters<typeof AnsweringServer.open>[0]

async function wordOf(answer: Answer): Promise<ServerWord> {
  const server = await AnsweringServer.open(answer)
  try {
    return await exchange(server.address, SECRET, START, 500)
  } finally {
    await server.close()
  }
}

/** How the server answers -> its word; a text stands for none. */
const CASES: readonly (readonly [name: string, answer: Answer, expected: string | RegExp])[] = [
  ['ok/PASS', (start) => reply(start, ReplyStatus.Pass), 'pass'],
  [
    'ok/PASS of a server that writes minor version 0',
    (start) => reply(start, 1, { header: { minorVersion: 0 } }),
    'pass',
  ],
  ['fail/FAIL', (start) => reply(start, ReplyStatus.Fail), 'fail'],
  [
    'fail/FOLLOW is a FAIL, and nobody follows',
    (start) => reply(start, ReplyStatus.Follow, { message: '@169.254.169.254@secret' }),
    'fail',
  ],
  ['fail/RESTART', (start) => reply(start, ReplyStatus.Restart), 'restart'],
  [
    'fail/ERROR, with a message that would forge a log line',
    (start) => reply(start, ReplyStatus.Error, { message: 'database\r\n down' }),
    /^reports an error: "database {3}down"$/,
  ],
  [
    'fail/a question of an ASCII login',
    (start) => reply(start, ReplyStatus.GetPass),
    /asks for more \(status 5\)/,
  ],
  ['fail/a status nobody knows', (start) => reply(start, 99), /status 99/],
  ['fail/another secret', (start) => reply(start, 1, { secret: fromUtf8('other') }), /another shared secret/],
  [
    'fail/PASS in the clear',
    (start) => reply(start, 1, { header: { flags: HeaderFlag.Unencrypted } }),
    /in the clear/,
  ],
  [
    'fail/PASS of another session',
    (start) => reply(start, 1, { header: { sessionId: (start.sessionId ^ 1) >>> 0 } }),
    /not asked/,
  ],
  [
    'fail/PASS with a wrong sequence number',
    (start) => reply(start, 1, { header: { sequence: 4 } }),
    /not asked/,
  ],
  ['fail/PASS of an accounting', (start) => reply(start, 1, { header: { type: 3 } }), /not asked/],
  ['fail/another protocol', () => fromUtf8('220 mail.example.org ESMTP\r\n'), /no TACACS/],
  ['fail/4 GiB promised', (start) => promise(start, 0xffffffff), /more than 8192 octets/],
  ['fail/hangs', () => undefined, /no answer within 500 ms/],
  ['fail/hangs within the answer', (start) => reply(start, 1).subarray(0, 15), /no answer within 500 ms/],
  [
    'fail/closes',
    (_, socket) => {
      socket.end()
      return undefined
    },
    /closed the connection/,
  ],
  [
    'fail/resets',
    (_, socket) => {
      socket.resetAndDestroy()
      return undefined
    },
    /reset the connection/,
  ],
]

for (const [name, answer, expected] of CASES) {
  test(name, async () => {
    const word = await wordOf(answer)
    if (typeof expected === 'string') return assert.equal(word.kind, expected)
    assert.ok(word.kind === 'none', word.kind)
    assert.match(word.why, expected)
  })
}

test('fail/one octet a second takes no longer than allowed', async () => {
  const began = performance.now()
  let timer: NodeJS.Timeout | undefined
  const word = await wordOf((start, socket) => {
    const octets = reply(start, 1)
    let at = 0
    timer = setInterval(() => socket.write(octets.subarray(at, ++at)), 100)
    return undefined
  })
  clearInterval(timer)
  assert.equal(word.kind, 'none')
  assert.ok(performance.now() - began < 2000)
})

test('ok/an answer in pieces', async () => {
  const word = await wordOf((start, socket) => {
    const octets = reply(start, ReplyStatus.Pass)
    socket.write(octets.subarray(0, 7))
    setTimeout(() => socket.write(octets.subarray(7)), 30)
    return undefined
  })
  assert.equal(word.kind, 'pass')
})

test('fail/a question is answered by giving up', { timeout: 5000 }, async () => {
  const server = await AnsweringServer.open((start) => reply(start, ReplyStatus.GetData))
  try {
    await exchange(server.address, SECRET, START, 500)
    const message = decodeContinue(await server.laterBody)
    assert.ok(message.ok)
    assert.equal(message.value.flags, 1)
  } finally {
    await server.close()
  }
})

test('fail/nobody listens', async () => {
  const gone = await AnsweringServer.open(() => undefined)
  await gone.close()
  const word = await exchange(gone.address, SECRET, START, 500)
  assert.ok(word.kind === 'none')
  assert.match(word.why, /refuses connections/)
  assert.equal(word.isReached, false)
})

test('ok/each login has a session id of its own', async () => {
  const headers: Header[] = []
  const server = await AnsweringServer.open((start) => {
    headers.push(start)
    return reply(start, 1)
  })
  try {
    for (let count = 0; count < 5; count += 1) await exchange(server.address, SECRET, START, 500)
  } finally {
    await server.close()
  }
  assert.equal(new Set(headers.map(({ sessionId }) => sessionId)).size, 5)
  assert.ok(
    headers.every((header) => header.minorVersion === 1 && header.sequence === 1 && header.flags === 0),
  )
})
