import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { attribute, encodeReply, inspect, PacketCode, Secret, verify } from '@sallyport/radius'
import { EapMessage, MsMppeRecvKey, MsMppeSendKey, State } from '@sallyport/radius/attributes'
import { type EapAnswer, EapServer, type EapServerOptions } from '../src/index.ts'

/** How a conversation ended, in the order they ended. */
export type Ended = Exclude<EapAnswer, { kind: 'request' | 'ignore' }>

/** A RADIUS server around EapServer, as small as eapol_test needs it. */
export interface RadiusHarness {
  readonly port: number
  readonly secret: string
  readonly ended: Ended[]
  /** Largest EAP packet we sent. */
  largest: number
  close(): Promise<void>
}

export interface HarnessOptions {
  readonly eap: EapServerOptions
  readonly mtu?: number
  /** What policy says to a result; default yes. */
  readonly accept?: () => boolean
}

export async function startRadius(options: HarnessOptions): Promise<RadiusHarness> {
  const secretText = 'harness-secret'
  const secret = new Secret(secretText)
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const conversations = new Map<string, EapServer>()
  let count = 0
  const harness: RadiusHarness = {
    port: socket.address().port,
    secret: secretText,
    ended: [],
    largest: 0,
    close: async () => {
      for (const conversation of conversations.values()) conversation.close()
      socket.close()
      await once(socket, 'close')
    },
  }
  const answer = async (datagram: Uint8Array): Promise<Uint8Array | undefined> => {
    const inspected = inspect(datagram)
    if (!inspected.ok) return undefined
    const request = inspected.packet
    if (!verify(request, [secret], { requireMessageAuthenticator: true }).ok) return undefined
    const state = request.get(State)
    const key = state === undefined ? `${++count}` : Buffer.from(state).toString()
    const server = conversations.get(key) ?? new EapServer(options.eap)
    conversations.set(key, server)
    const eap = request.get(EapMessage)
    if (eap === undefined) return undefined
    const said = await server.receive(eap, options.mtu)
    const reply = (
      code: number,
      packet: Uint8Array,
      ...more: Parameters<typeof encodeReply>[0]['attributes']
    ) => encodeReply({ code, request, secret, attributes: [...more, attribute(EapMessage, packet)] })
    switch (said.kind) {
      case 'request':
        harness.largest = Math.max(harness.largest, said.packet.length)
        return reply(PacketCode.AccessChallenge, said.packet, attribute(State, Buffer.from(key)))
      case 'ignore':
        return undefined
    }
    harness.ended.push(said)
    conversations.delete(key)
    if (said.kind === 'unavailable') return undefined
    if (said.kind === 'failure' || options.accept?.() === false) {
      return reply(PacketCode.AccessReject, server.failure())
    }
    said.result.release?.()
    const msk = said.result.keys?.msk
    return reply(
      PacketCode.AccessAccept,
      server.success(),
      ...(msk === undefined
        ? []
        : [attribute(MsMppeRecvKey, msk.subarray(0, 32)), attribute(MsMppeSendKey, msk.subarray(32, 64))]),
    )
  }
  socket.on('message', (datagram, from) => {
    void answer(datagram).then((reply) => {
      if (reply !== undefined) socket.send(reply, from.port, from.address)
    })
  })
  return harness
}
