import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { connect, isIPv6 } from 'node:net'
import { type DecodedPacket, decode, encode, type Packet } from 'dns-packet'
import type { ResolveService, ServiceRecord } from './found-servers.ts'

const TIMEOUT_MILLISECONDS = 1000
const DNS_PORT = 53
/** The most a name server says over UDP without EDNS is 512 octets; what is longer comes over TCP. */
const LONGEST_ANSWER = 65_535

/**
 * SRV records by the system's name servers. Node's resolver refuses names of targets that are compressed, as RFC 2782 wants
 * it; the DNS server inside Samba compresses them all the same, and is asked again in a way that reads them.
 */
export const resolveService: ResolveService = async (name) => {
  // A new one each time: it reads the system's settings when it is made.
  const resolver = new Resolver({ timeout: TIMEOUT_MILLISECONDS, tries: 2 })
  try {
    return await resolver.resolveSrv(name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBADRESP')) throw error
    return await askInTurn(resolver.getServers(), name)
  }
}

/** @param servers as `getServers` writes them: `10.0.0.1`, `10.0.0.1:5353`, `[2001:db8::1]:53` */
export async function askInTurn(servers: readonly string[], name: string): Promise<readonly ServiceRecord[]> {
  let fault: unknown = new Error('no name server is configured')
  for (const server of servers) {
    try {
      return await askNameServer(server, name)
    } catch (error) {
      fault = error
    }
  }
  throw fault
}

async function askNameServer(server: string, name: string): Promise<readonly ServiceRecord[]> {
  const { address, port } = splitPort(server)
  const question: Packet = {
    type: 'query',
    id: randomInt(65_536),
    flags: RECURSION_DESIRED,
    questions: [{ type: 'SRV', name }],
  }
  const overUdp = readAnswer(question, await askOverUdp(address, port, encode(question), question))
  const answer = overUdp.flag_tc
    ? readAnswer(question, await askOverTcp(address, port, encode(question)))
    : overUdp
  return (answer.answers ?? []).flatMap((record) =>
    record.type === 'SRV'
      ? [
          {
            name: record.data.target,
            port: record.data.port,
            priority: record.data.priority ?? 0,
            weight: record.data.weight ?? 0,
          },
        ]
      : [],
  )
}

/** RFC 1035 section 4.1.1. */
const RECURSION_DESIRED = 0x0100

/** Whatever is not the answer to this question is read over, as a late or forged one would be. */
function askOverUdp(address: string, port: number, octets: Uint8Array, question: Packet): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      socket.close()
      settle()
    }
    const timer = setTimeout(
      () => end(() => reject(new Error(`${address} did not answer`))),
      TIMEOUT_MILLISECONDS,
    )
    socket.on('error', (error) => end(() => reject(error)))
    socket.on('message', (message) => {
      if (isAnswerTo(question, message)) end(() => resolve(message))
    })
    // Connected: the system takes nothing from another address.
    socket.connect(port, address, () => socket.send(octets))
  })
}

/** Each message is preceded by its length (RFC 1035 section 4.2.2). */
function askOverTcp(address: string, port: number, octets: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address)
    const timer = setTimeout(
      () => socket.destroy(new Error(`${address} did not answer over TCP`)),
      TIMEOUT_MILLISECONDS,
    )
    let received = Buffer.alloc(0)
    socket.once('connect', () => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(octets.length)
      socket.write(Buffer.concat([length, octets]))
    })
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const whole = received.length < 2 ? Number.POSITIVE_INFINITY : 2 + received.readUInt16BE()
      if (received.length >= whole) {
        resolve(received.subarray(2, whole))
        socket.destroy()
      } else if (received.length > LONGEST_ANSWER + 2) {
        socket.destroy(new Error(`${address} says too much`))
      }
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      reject(new Error(`${address} closed the connection`))
    })
  })
}

function isAnswerTo(question: Packet, message: Buffer): boolean {
  try {
    readAnswer(question, message)
    return true
  } catch {
    return false
  }
}

/** @throws Error where it is none, or says that the name is unknown */
function readAnswer({ id, questions }: Packet, message: Buffer): DecodedPacket {
  const answer = decode(message)
  const [asked] = questions ?? []
  const [echoed] = answer.questions ?? []
  const isSame = echoed?.type === 'SRV' && echoed.name.toLowerCase() === asked?.name.toLowerCase()
  if (answer.type !== 'response' || answer.id !== id || !isSame) throw new Error('not the answer')
  return answer
}

function splitPort(server: string): { readonly address: string; readonly port: number } {
  const bracketed = /^\[(.+)\]:(\d+)$/.exec(server) ?? /^([\d.]+):(\d+)$/.exec(server)
  return bracketed?.[1] === undefined
    ? { address: server, port: DNS_PORT }
    : { address: bracketed[1], port: Number(bracketed[2]) }
}
