import { isIP } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { RequestError } from '../../kernel/errors.ts'
import { pcapHeader, pcapRecord } from '../../kernel/pcap.ts'
import type { CaptureRequest, Services } from '../../listeners/https/services.ts'
import type { Captured } from '../../listeners/radius-udp/capture.ts'
import { nearest } from '../../policy/suggestion.ts'
import type { ApiParts } from '../api-services.ts'
import type { RadiusThread } from '../radius-thread.ts'

const POLL_MILLISECONDS = 200

/** One capture at a time: whoever wants a second one would end the first. */
export function captureApi({ configuration, workers, clock }: ApiParts): Services['capture'] {
  let isRunning = false
  return {
    open: async (request) => {
      mustBeKnown(request.client, configuration.snapshot.configuration.clients)
      if (isRunning) throw new RequestError('capture-running', 'A capture is running; wait for its end.')
      isRunning = true
      try {
        const until = clock.now() + 1000 * request.seconds
        const { client, packets } = request
        await Promise.all(workers.map(({ remote }) => remote.startCapture({ client, packets, until })))
      } catch (error) {
        isRunning = false
        throw error
      }
      return records(request, workers, () => {
        isRunning = false
      })
    },
  }
}

/** Ends by itself, and also where nobody reads any more. */
async function* records(
  { packets }: CaptureRequest,
  workers: readonly RadiusThread[],
  ended: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield pcapHeader()
    for (let [left, isOver] = [packets, false]; !isOver && left > 0; ) {
      const parts: Captured[] = await Promise.all(workers.map(({ remote }) => remote.captured()))
      isOver = parts.every((part) => part.isOver)
      const datagrams = parts.flatMap((part) => part.datagrams).sort((a, b) => a.at - b.at)
      for (const datagram of datagrams.slice(0, left)) yield pcapRecord(datagram)
      left -= datagrams.length
      if (!isOver && left > 0) await delay(POLL_MILLISECONDS)
    }
  } finally {
    ended()
    await Promise.all(workers.map(({ remote }) => remote.stopCapture()))
  }
}

function mustBeKnown(client: string, clients: readonly { readonly name: string }[]): void {
  const names = clients.map(({ name }) => name)
  if (names.includes(client) || isIP(client) !== 0) return
  const meant = nearest(client, names)
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  throw new RequestError('not-found', `There is no RADIUS client "${client}".${hint}`)
}
