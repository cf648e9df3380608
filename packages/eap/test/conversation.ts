import type { EapPeer, EapPeerAnswer } from '../src/peer.ts'
import type { EapAnswer, EapServer } from '../src/server.ts'

export interface Talk {
  readonly server: EapAnswer
  readonly peer: EapPeerAnswer
}

/** Lets a server and a peer talk until the server has its answer, tells the peer, and gives both ends' view of it. */
export async function talk(server: EapServer, peer: EapPeer): Promise<Talk> {
  let answer: EapAnswer = server.start()
  while (answer.kind === 'request') {
    const response = await peer.receive(answer.packet)
    if (response.kind !== 'respond') return { server: answer, peer: response }
    answer = await server.receive(response.packet)
  }
  const last = answer.kind === 'done' ? server.success() : server.failure()
  return { server: answer, peer: await peer.receive(last) }
}
