import { Readable } from 'node:stream'
import type { Api } from '../api.ts'
import { captureRequestSchema } from '../model.ts'
import type { Services } from '../services.ts'

/** What a RADIUS client sends and gets, as a capture file. */
export function captureRoutes(app: Api, services: Services): void {
  app.post(
    '/captures',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['clients'],
        summary: 'Captures the datagrams of one RADIUS client; answers with a libpcap file while it lasts',
        body: captureRequestSchema,
      },
    },
    async (request, reply) => {
      const records = await services.capture.open(request.body)
      // A quiet client is no dead connection: the capture has an end of its own.
      reply.raw.setTimeout(0, () => undefined)
      return reply.type('application/vnd.tcpdump.pcap').send(Readable.from(records, { objectMode: false }))
    },
  )
}
