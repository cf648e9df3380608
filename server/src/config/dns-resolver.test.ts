import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { nameResolver, type ResolveName } from './dns-resolver.ts'

const [A, AAAA] = [1, 28]

/** Answers of the name server, by name and type: record data and TTL. Other names do not exist. */
const ZONE: Readonly<
  Record<string, Readonly<Record<number, readonly (readonly [data: number[], ttl: number])[]>>>
> = {
  'vpn.example.org': {
    [A]: [
      [[192, 0, 2, 10], 300],
      [[192, 0, 2, 11], 77],
    ],
    [AAAA]: [[[0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1], 120]],
  },
  'v4.example.org': { [A]: [[[192, 0, 2, 12], 60]] },
}

/** RFC 1035 section 4: header, the question again, answers that point to its name. */
function reply(query: Buffer): Buffer {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const question = query.subarray(12, at + 5)
  const zone = ZONE[labels.join('.').toLowerCase()]
  const type = query.readUInt16BE(at + 1)
  const records = zone?.[type] ?? []
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(zone === undefined ? 0x8583 : 0x8580, 2) // answer, authoritative; NXDOMAIN or not
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  const answers = records.map(([data, ttl]) => {
    const record = Buffer.alloc(12)
    record.writeUInt16BE(0xc00c, 0)
    record.writeUInt16BE(type, 2)
    record.writeUInt16BE(1, 4)
    record.writeUInt32BE(ttl, 6)
    record.writeUInt16BE(data.length, 10)
    return Buffer.concat([record, Buffer.from(data)])
  })
  return Buffer.concat([header, question, ...answers])
}

describe('nameResolver', () => {
  let server: Socket
  let resolve: ResolveName
  before(async () => {
    server = createSocket('udp4')
    server.on('message', (query, { port, address }) => server.send(reply(query), port, address))
    server.bind(0, '127.0.0.1')
    await once(server, 'listening')
    resolve = nameResolver([`127.0.0.1:${server.address().port}`])
  })
  after(() => server.close())

  it('gives the addresses of both families and the shortest TTL', async () => {
    assert.deepEqual(await resolve('vpn.example.org'), {
      addresses: ['192.0.2.10', '192.0.2.11', '2001:db8::1'],
      ttlSeconds: 77,
    })
  })

  it('is content with one family', async () => {
    assert.deepEqual(await resolve('v4.example.org'), { addresses: ['192.0.2.12'], ttlSeconds: 60 })
  })

  it('rejects with a sentence where the name does not exist', async () => {
    await assert.rejects(
      resolve('gone.example.org'),
      /^Error: gone\.example\.org has no address in DNS \(ENOTFOUND\)$/,
    )
  })
})
