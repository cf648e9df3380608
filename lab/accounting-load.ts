/** A NAS that reports session after session and remembers which ones were acknowledged. */
import { attribute, PacketCode, RadiusError } from '@sallyport/radius'
import { AcctSessionId, AcctStatusType, NasIpAddress, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'

const START = 1

export interface AccountingNas {
  readonly port: number
  readonly secret: string
}

/** One Accounting-Request (Start). Resolves to whether an Accounting-Response came; one attempt only. */
export async function reportSession(client: RadiusClient, sessionId: string): Promise<boolean> {
  try {
    const { packet } = await client.send(PacketCode.AccountingRequest, [
      attribute(AcctStatusType, START),
      attribute(AcctSessionId, sessionId),
      attribute(UserName, 'alice'),
      attribute(NasIpAddress, '127.0.0.1'),
    ])
    return packet.code === PacketCode.AccountingResponse
  } catch (error) {
    if (error instanceof RadiusError && (error.code === 'timeout' || error.code === 'closed')) return false
    throw error
  }
}

export function openNas({ port, secret }: AccountingNas, timeoutMs = 2000): RadiusClient {
  return new RadiusClient({ host: '127.0.0.1', port, secret, retries: 0, timeoutMs })
}

/**
 * Keeps `lanes` requests on the way until `enough` of them were acknowledged, then calls `stop` in the middle of the load.
 * Resolves to the acknowledged session ids, those that were still answered included.
 */
export async function loadUntil(
  nas: AccountingNas,
  load: { readonly prefix: string; readonly lanes: number; readonly enough: number },
  stop: () => Promise<void>,
): Promise<readonly string[]> {
  const { prefix, lanes, enough } = load
  const client = openNas(nas)
  const acknowledged: string[] = []
  const reached = Promise.withResolvers<void>()
  let [next, isOver] = [0, false]
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const id = `${prefix}-${++next}`
      if (await reportSession(client, id)) acknowledged.push(id)
      if (acknowledged.length >= enough) reached.resolve()
    }
  }
  const running = Promise.all(Array.from({ length: lanes }, lane))
  await Promise.race([reached.promise, running])
  await stop()
  isOver = true
  await client.close()
  await running
  return acknowledged
}
