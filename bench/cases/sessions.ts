/** 100,000 live sessions, reported one by one: how fast they come in, what they cost, how fast one of them is found. */
import { attribute, PacketCode } from '@sallyport/radius'
import {
  AcctSessionId,
  AcctStatusType,
  CallingStationId,
  FramedIPv6Prefix,
  FramedIpAddress,
  NasIdentifier,
  NasPort,
  UserName,
} from '@sallyport/radius/attributes'
import { openNas } from '../../lab/accounting-load.ts'
import { temporaryFolder } from '../../lab/process.ts'
import type { Sallyport } from '../../lab/sallyport.ts'
import { SECRET } from '../account.ts'
import type { BenchCase, Pace } from '../case.ts'
import { startOurs } from '../ours.ts'
import { oursBelow, row } from '../row.ts'
import { cpuSeconds, residentMegabytes } from '../usage.ts'

interface Run {
  readonly live: number
  readonly rowsPerSecond: number
  readonly cpuMicroseconds: number
  readonly megabytes: number
  /** Slowest but one percent, and the middle one. */
  readonly searchMilliseconds: number
  readonly medianSearchMilliseconds: number
}

const SESSIONS = 100_000
const QUICK_SESSIONS = 20_000
const LANES = 64
const SEARCHES = 300
const START = 1

export const sessions: BenchCase = {
  name: 'sessions',
  summary: '100,000 live sessions: memory, and the time to find one',
  counterparts: [],
  async run({ loadSeconds }: Pace) {
    const count = loadSeconds < 5 ? QUICK_SESSIONS : SESSIONS
    using folder = temporaryFolder('sallyport-bench-')
    await using server = await startOurs({ folder: folder.path })
    const usedBefore = cpuSeconds(server.process.pid)
    const began = performance.now()
    await fill(server, count)
    const seconds = (performance.now() - began) / 1000
    const used = cpuSeconds(server.process.pid) - usedBefore
    const times = await search(server, count)
    const run: Run = {
      live: count,
      rowsPerSecond: count / seconds,
      cpuMicroseconds: (used * 1e6) / count,
      megabytes: residentMegabytes(server.process.pid),
      searchMilliseconds: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
      medianSearchMilliseconds: times[times.length >> 1] ?? Number.NaN,
    }
    const runs = { ours: [run], peer: [] as Run[] }
    const name = `sessions, ${count.toLocaleString('en')} live`
    return {
      rows: [
        row(
          { case: name, unit: 'MB resident', goal: oursBelow(600, 'MB'), runs },
          ({ megabytes }) => megabytes,
        ),
        row(
          { case: `${name}, found (p99)`, unit: 'ms', goal: oursBelow(50, 'ms'), runs },
          ({ searchMilliseconds }) => searchMilliseconds,
        ),
        row(
          { case: `${name}, reported`, unit: 'µs CPU a row', runs },
          ({ cpuMicroseconds }) => cpuMicroseconds,
        ),
      ],
      raw: runs,
    }
  },
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** A device of its own for each session, two sessions for each user. */
function about(number: number) {
  const octets = hex(number, 6).match(/../g) ?? []
  return {
    user: `user${number >> 1}`,
    session: `${hex(number, 8)}`,
    mac: ['02', '00', '00', ...octets].join('-').toUpperCase(),
    ipv4: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    ipv6: `2001:db8:${hex(number >> 16, 4)}:${hex(number & 0xffff, 4)}::`,
  }
}

/** Throws where a report is not acknowledged. */
async function fill(server: Sallyport, count: number): Promise<void> {
  const client = openNas({ port: server.acctPort, secret: SECRET }, 20_000)
  let next = 0
  const lane = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      const { user, session, mac, ipv4, ipv6 } = about(number)
      await client.send(PacketCode.AccountingRequest, [
        attribute(AcctStatusType, START),
        attribute(AcctSessionId, session),
        attribute(UserName, user),
        attribute(NasIdentifier, `switch-${number % 500}`),
        attribute(NasPort, number),
        attribute(CallingStationId, mac),
        attribute(FramedIpAddress, ipv4),
        attribute(FramedIPv6Prefix, `${ipv6}/64`),
      ])
    }
  }
  try {
    await Promise.all(Array.from({ length: LANES }, lane))
  } finally {
    await client.close()
  }
}

/** Through the API, one after the other; sorted times. */
async function search(server: Sallyport, count: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let index = 0; index < SEARCHES; index++) {
    const { user, session, mac, ipv4, ipv6 } = about((index * 7919) % count)
    const queries = [
      { user },
      { acctSessionId: session },
      { mac },
      { address: ipv4 },
      { address: `${ipv6}1` },
    ]
    const query = new URLSearchParams({ state: 'live', ...queries[index % queries.length] })
    const began = performance.now()
    const { items } = await server.api.send<{ items: unknown[] }>('GET', `/sessions?${query}`)
    times.push(performance.now() - began)
    const expected = query.has('user') ? 2 : 1
    if (items.length !== expected) throw new Error(`${query} found ${items.length} sessions`)
  }
  return times.sort((a, b) => a - b)
}
