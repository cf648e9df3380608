import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { LdapError } from './ldap-error.ts'
import { MessageFramer } from './message-framer.ts'
import { abandonRequest, bindRequest, searchRequest, startTlsRequest, unbindRequest } from './requests.ts'
import { readResponse } from './responses.ts'

const hex = (text: string): string => Buffer.from(text).toString('hex')
const PAGED = hex('1.2.840.113556.1.4.319')
const BOUND = '300c 020101 6107 0a0100 0400 0400'
const ENTRY = '301b 020102 6416 0404636e3d61 300e 300c 0402636e 3106 040161 0401ff'

test('ok/RFC 4511: requests octet by octet', () => {
  assert.equal(
    toHex(bindRequest(1, 'cn=a', fromHex('00ff'))),
    `3031020101600d0201030404${hex('cn=a')}800200ffa01d301b0419${hex('1.3.6.1.4.1.42.2.27.8.5.1')}`,
  )
  assert.equal(toHex(unbindRequest(3)), '30050201034200')
  assert.equal(toHex(abandonRequest(300, 2)), '30070202012c500102')
  assert.equal(toHex(startTlsRequest(1)), `301d02010177188016${hex('1.3.6.1.4.1.1466.20037')}`)
  const search = searchRequest(2, {
    ...{ base: 'dc=x', scope: 'sub', filter: '(a=b)', attributes: ['cn'], sizeLimit: 2, timeLimitSeconds: 3 },
    page: { size: 500, cookie: fromHex('aa') },
  })
  const operation = [
    ...['6323', `0404${hex('dc=x')}`, '0a0102', '0a0100', '020102', '020103', '010100'],
    ...[`a3060401${hex('a')}0401${hex('b')}`, `30040402${hex('cn')}`],
  ]
  const control = ['a028', '3026', `0416${PAGED}`, '0101ff', '0409', '3007', '020201f4', '0401aa']
  assert.equal(toHex(search), ['3052', '020102', ...operation, ...control].join(''))
})

test('ok/responses', () => {
  assert.deepEqual(readResponse(fromHex(BOUND)), { kind: 'bind', id: 1, result: { code: 0, message: '' } })
  const done = `3033020104 65070a010004000400 a025 3023 0416${PAGED} 0409 3007020100 0402636b`
  assert.deepEqual(readResponse(fromHex(done)), {
    ...{ kind: 'done', id: 4, cookie: fromHex('636b') },
    result: { code: 0, message: '' },
  })
  const read = readResponse(fromHex(ENTRY))
  assert.ok(read.kind === 'entry')
  assert.equal(read.entry.dn, 'cn=a')
  assert.deepEqual(read.entry.names, ['cn'])
  assert.deepEqual(read.entry.octets('CN').map(toHex), ['61', 'ff'])
  // What is no UTF-8 is no text.
  assert.deepEqual(read.entry.texts('cn'), ['a'])
})

test('ok/what the password policy has against an account', () => {
  const bound = (code: string, value: string): string => {
    const octets = fromHex(value).length
    const control = `0419${hex('1.3.6.1.4.1.42.2.27.8.5.1')}04${octets.toString(16).padStart(2, '0')}${value}`
    const sized = (tag: string, content: string): string =>
      `${tag}${fromHex(content).length.toString(16).padStart(2, '0')}${content}`
    return sized('30', `02010161070a01${code}04000400${sized('a0', sized('30', control))}`)
  }
  const policyOf = (code: string, value: string) => {
    const read = readResponse(fromHex(bound(code, value)))
    return read.kind === 'bind' ? [read.result.code, read.result.policy] : read.kind
  }
  assert.deepEqual(policyOf('31', '3003810101'), [49, 'locked'])
  assert.deepEqual(policyOf('31', '3003810100'), [49, 'expired'])
  assert.deepEqual(policyOf('00', '3003810102'), [0, 'must-change'])
  assert.deepEqual(policyOf('00', '3000'), [0, undefined])
  // Only a warning: so many seconds until it expires.
  assert.deepEqual(policyOf('00', '3006a004800203e8'), [0, undefined])
})

test('ok/lengths of four octets, as Active Directory writes them always', () => {
  const long = '308400000010 020101 618400000007 0a0100 0400 0400'
  assert.deepEqual(readResponse(fromHex(long)), { kind: 'bind', id: 1, result: { code: 0, message: '' } })
})

test('ok/a stream is cut into messages however it comes', () => {
  const messages = [unbindRequest(1), bindRequest(2, 'cn=a', new Uint8Array(5000)), startTlsRequest(3)]
  const stream = Buffer.concat(messages)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 50 }), (sizes) => {
      const framer = new MessageFramer(10_000)
      const found: string[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length] as number
        for (const message of framer.push(stream.subarray(at, at + size))) found.push(toHex(message))
        at += size
      }
      assert.deepEqual(found, messages.map(toHex))
      assert.equal(framer.isEmpty, true)
    }),
    { seed: 4511, numRuns: 200 },
  )
})

test('fail/a message that claims too much is refused by its head', () => {
  const push = (octets: string, limit = 100) => [...new MessageFramer(limit).push(fromHex(octets))]
  assert.throws(() => push('3084ffffffff'), { code: 'too-large' })
  assert.throws(() => push('3065'), { code: 'too-large' })
  assert.throws(() => push('3085'), { code: 'malformed' })
  assert.throws(() => push('3080'), { code: 'malformed' })
  assert.throws(() => push('0000'), { code: 'malformed' })
  assert.deepEqual(push('3005020103'), [])
})

test('fail/whatever comes is read or refused, and nothing else happens', () => {
  const good = [BOUND, ENTRY].map(fromHex)
  const tried = (octets: Uint8Array): void => {
    try {
      readResponse(octets)
    } catch (error) {
      assert.ok(error instanceof LdapError, String(error))
    }
  }
  for (const octets of good) {
    readResponse(octets)
    for (let end = 0; end < octets.length; end++)
      assert.throws(() => readResponse(octets.subarray(0, end)), LdapError)
    for (let at = 0; at < octets.length; at++)
      for (const flip of [1, 0x80, 0xff]) {
        const changed = octets.slice()
        changed[at] = (changed[at] as number) ^ flip
        tried(changed)
      }
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => tried(octets)),
    { seed: 1, numRuns: 2000 },
  )
})

test('ok/a message that is too long is passed over, in whatever pieces it comes; one beyond all bounds ends the stream', () => {
  const long = fromHex(`3081c8 02022b67 ${'00'.repeat(196)}`)
  const stream = fromHex(`${BOUND} ${toHex(long)} ${BOUND}`)
  for (const piece of [1, 5, 11, 12, 13, stream.length]) {
    const passed: string[] = []
    const framer = new MessageFramer(100, {
      most: 300,
      passOver: (id, octets) => passed.push(`${id} ${octets}`),
    })
    const messages: string[] = []
    for (let at = 0; at < stream.length; at += piece)
      for (const octets of framer.push(stream.subarray(at, at + piece))) messages.push(toHex(octets))
    assert.deepEqual(messages, Array(2).fill(toHex(fromHex(BOUND))), `${piece}`)
    assert.deepEqual(passed, [`${0x2b67} 203`])
    assert.ok(framer.isEmpty)
  }
  const framer = new MessageFramer(100, { most: 202, passOver: () => assert.fail() })
  assert.throws(() => [...framer.push(long)], { name: 'LdapError', code: 'too-large' })
})
