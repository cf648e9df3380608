import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { PacketCode } from '@sallyport/radius'

export interface RadiusRelay extends AsyncDisposable {
  /** Where the RADIUS client sends to. */
  readonly port: number
}

/**
 * Stands between one RADIUS client and the server on `port`. The first Access-Accept waits until `meanwhile` is over: what
 * happens there happens after a login and before the client's next.
 */
export async function relayHoldingAccept(
  port: number,
  meanwhile: () => Promise<unknown>,
): Promise<RadiusRelay> {
  const [front, back] = [createSocket('udp4'), createSocket('udp4')]
  let client: AddressInfo | undefined
  let held: Promise<unknown> | undefined
  front.on('message', (packet, source) => {
    client = { ...source, family: 'IPv4' }
    back.send(packet, port, '127.0.0.1')
  })
  back.on('message', async (packet) => {
    if (packet[0] === PacketCode.AccessAccept) {
      held ??= meanwhile()
      await held
    }
    front.send(packet, client?.port, client?.address)
  })
  front.bind(0, '127.0.0.1')
  await once(front, 'listening')
  return {
    port: front.address().port,
    [Symbol.asyncDispose]: async () => {
      await held
      front.close()
      back.close()
    },
  }
}
