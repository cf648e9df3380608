/** `sallyport capture` against radclient, read by tshark. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { MESSAGE_AUTHENTICATOR, radclient } from '@sallyport/lab/radclient'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const SECRET = 'secret-of-the-captured'
const CONFIGURATION = `
clients:
  - { name: wifi, address: 127.0.0.1, secret: ${SECRET} }
  - { name: other, address: 127.0.0.2, secret: secret-of-the-other }
  - { name: six, address: '::1', secret: ${SECRET} }
`
const LOGIN = ['User-Name = "nobody"', 'User-Password = "guess"', MESSAGE_AUTHENTICATOR]

describe('capture', { skip: skipReason('freeradius-utils', 'tshark') }, () => {
  const folder = temporaryFolder('sallyport-capture-')
  let server: Sallyport
  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1,::1'] })
    await server.apply(CONFIGURATION)
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  /** Runs it while `meanwhile` goes on. */
  async function capture(client: string, flags: readonly string[], meanwhile: () => Promise<unknown>) {
    const file = join(folder.path, `${client}-${Date.now()}.pcap`)
    const running = server.cli('capture', '--client', client, '--output', file, ...flags)
    // The head of the file is written as soon as the capture runs.
    await until('the capture runs', () => existsSync(file) || undefined, 30_000)
    await meanwhile()
    const { code, output } = await running
    assert.equal(code, 0, output)
    return { file, output }
  }

  const ask = (secret = SECRET, from = '127.0.0.1', seconds = 10) =>
    radclient({ command: 'auth', port: server.authPort, secret, attributes: LOGIN, from, seconds })
  /** Gets no answer, so it waits for none. */
  const askWrongly = () => ask('not-the-secret', '127.0.0.1', 0.4)

  async function tshark(file: string, ...fields: readonly string[]): Promise<string[][]> {
    const { output, code } = await runToEnd('tshark', [
      ...['-r', file, '-d', `udp.port==${server.authPort},radius`],
      ...['-o', `radius.shared_secret:${SECRET}`, '-o', 'radius.validate_authenticator:TRUE'],
      ...['-o', 'udp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', '-T', 'fields'],
      ...fields.flatMap((field) => ['-e', field]),
    ])
    assert.equal(code, 0, output)
    const lines = output.split('\n').filter((line) => line.includes('\t'))
    return lines.map((line) => line.split('\t'))
  }

  it('ok/holds both ways of one client, dropped packets too, and tshark finds every checksum right', async () => {
    const { file, output } = await capture('wifi', ['--packets', '3'], async () => {
      await askWrongly() // dropped: one datagram
      await ask('secret-of-the-other', '127.0.0.2') // another client: none
      const { code } = await ask()
      assert.equal(code, 'Access-Reject')
    })
    assert.match(output, /^3 datagrams of wifi/)
    const rows = await tshark(
      file,
      'radius.code',
      'ip.src',
      'udp.dstport',
      'radius.User_Name',
      'udp.checksum.status',
      'ip.checksum.status',
    )
    assert.deepEqual(
      rows.map(([code]) => code),
      ['1', '1', '3'],
    )
    for (const [, source, , , udp, ip] of rows) assert.deepEqual([source, udp, ip], ['127.0.0.1', '1', '1'])
    assert.equal(rows[1]?.[3], 'nobody')
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  it('ok/Message-Authenticator is valid under the secret, and invalid in the packet with another one', async () => {
    const { file } = await capture('wifi', ['--packets', '3'], async () => {
      await askWrongly()
      await ask()
    })
    const fields = ['udp.payload', 'radius.Message_Authenticator', 'radius.authenticator.valid'] as const
    const rows = await tshark(file, ...fields)
    const [, request] = rows.map(([payload = '']) => Buffer.from(payload, 'hex'))
    const valid = rows.map(([payload = '', shown]) => {
      const octets = Buffer.from(payload, 'hex')
      const at = octets.indexOf(Buffer.from(shown ?? '', 'hex'))
      // RFC 3579 section 3.2: over the packet with the authenticator of the request, and zeros in its own place.
      if (octets[0] !== 1) octets.set(request?.subarray(4, 20) ?? [], 4)
      octets.fill(0, at, at + 16)
      return createHmac('md5', SECRET).update(octets).digest('hex') === shown
    })
    assert.deepEqual(valid, [false, true, true])
    assert.match(rows[2]?.[2] ?? '', /^(1|True)$/, 'the Response Authenticator, as tshark finds')
  })

  it('ok/IPv6', async () => {
    const { file } = await capture('six', ['--packets', '2'], async () => {
      const asked = [...['-x', '-r', '1', '-t', '10', `[::1]:${server.authPort}`, 'auth', SECRET]]
      const { output } = await runToEnd('radclient', asked, { input: `${LOGIN.join('\n')}\n` })
      assert.match(output, /Received Access-Reject/)
    })
    const rows = await tshark(file, 'radius.code', 'ipv6.src', 'udp.checksum.status')
    assert.deepEqual(rows, [
      ['1', '::1', '1'],
      ['3', '::1', '1'],
    ])
  })

  it('fail/ends at its bounds', async () => {
    const byCount = await capture('wifi', ['--packets', '4'], async () => {
      for (let n = 0; n < 5; n++) await ask()
    })
    assert.match(byCount.output, /^4 datagrams/)
    const byTime = await capture('wifi', ['--seconds', '1'], async () => undefined)
    assert.match(byTime.output, /^0 datagrams/)
  })

  it('fail/a client that is none is refused, and a second capture beside one that runs', async () => {
    const { code, output } = await server.cli('capture', '--client', 'wify')
    assert.deepEqual([code, /Did you mean wifi\?/.test(output)], [1, true], output)
    await capture('wifi', ['--packets', '1'], async () => {
      const second = await server.cli('capture', '--client', 'other')
      assert.deepEqual([second.code, /A capture is running/.test(second.output)], [1, true], second.output)
      await ask()
    })
  })
})
