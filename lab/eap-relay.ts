/** A network between a RADIUS client and the server that loses what it is told to lose. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A RADIUS datagram as the relay sees it; `eap` is empty where it carries none. */
export interface Passing {
  readonly towards: 'server' | 'client'
  readonly octets: Buffer
  readonly eap: Buffer
  /** The same datagram went this way before. */
  readonly repeated: boolean
}

export interface Relay extends AsyncDisposable {
  readonly port: number
}

/** Asks the server from `address`; `loses` says of each datagram whether it is lost. */
export async function openRelay(
  server: { readonly port: number; readonly address: string },
  loses: (passing: Passing) => boolean,
): Promise<Relay> {
  const [front, back] = [createSocket('udp4'), createSocket('udp4')]
  const seen = new Set<string>()
  let client: { readonly address: string; readonly port: number } | undefined
  const isLost = (towards: Passing['towards'], octets: Buffer): boolean => {
    const key = `${towards}${octets.toString('latin1')}`
    const repeated = seen.has(key)
    seen.add(key)
    return loses({ towards, octets, eap: eapOf(octets), repeated })
  }
  front.on('message', (octets, source) => {
    client = source
    if (!isLost('server', octets)) back.send(octets, server.port, '127.0.0.1')
  })
  back.on('message', (octets) => {
    if (client !== undefined && !isLost('client', octets)) front.send(octets, client.port, client.address)
  })
  front.bind(0, '127.0.0.1')
  back.bind(0, server.address)
  await Promise.all([once(front, 'listening'), once(back, 'listening')])
  return {
    port: front.address().port,
    async [Symbol.asyncDispose]() {
      front.close()
      back.close()
    },
  }
}

const EAP_MESSAGE = 79

/** The EAP packet of a RADIUS datagram: its EAP-Message attributes joined (RFC 3579 section 3.1). */
function eapOf(octets: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 20; at + 2 <= octets.length; ) {
    const length = octets[at + 1] ?? 0
    if (length < 2) break
    if (octets[at] === EAP_MESSAGE) parts.push(octets.subarray(at + 2, at + length))
    at += length
  }
  return Buffer.concat(parts)
}

const START_FRAME = 6

/** TLS of the server inside EAP: `more` where further fragments follow (RFC 5216 section 3.1). */
export function tlsFlight({ towards, eap }: Passing): { readonly more: boolean } | undefined {
  if (towards !== 'client' || eap.length <= START_FRAME + 20) return undefined
  return { more: ((eap[5] ?? 0) & 0x40) !== 0 }
}
