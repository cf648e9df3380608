/** A broken device: it announces a large TLS message and sends it an octet at a time, for ever. */
import assert from 'node:assert/strict'
import { attribute, PacketCode, type PacketView } from '@sallyport/radius'
import { EapMessage, State, UserName } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import type { DiagnosisHouse } from './house.ts'

const EAP_TLS = 13
const [LENGTH_AND_MORE, MORE] = [0xc0, 0x40]
const ANNOUNCED = [0, 0, 0xea, 0x60]
/** More than any server should bear. */
const MOST_ROUNDS = 300

export async function sendWithoutEnd({ server, site }: DiagnosisHouse, user: string): Promise<void> {
  const { secret } = site.clients.gateway
  await using parts = new AsyncDisposableStack()
  const client = new RadiusClient({ host: '127.0.0.1', port: server.authPort, secret })
  parts.defer(() => client.close())
  const send = async (eap: readonly number[], last?: PacketView): Promise<PacketView> => {
    const state = last?.get(State)
    const attributes = [
      attribute(UserName, user),
      attribute(EapMessage, Uint8Array.from(eap)),
      ...(state === undefined ? [] : [attribute(State, state)]),
    ]
    return (await client.send(PacketCode.AccessRequest, attributes)).packet
  }
  const name = [...Buffer.from(user)]
  let answer = await send([2, 1, 0, name.length + 5, 1, ...name])
  for (let round = 0; answer.code === PacketCode.AccessChallenge && round < MOST_ROUNDS; round++) {
    const identifier = answer.get(EapMessage)?.[1] ?? 0
    const data = round === 0 ? [LENGTH_AND_MORE, ...ANNOUNCED, 0x16] : [MORE, 0]
    answer = await send([2, identifier, 0, data.length + 5, EAP_TLS, ...data], answer)
  }
  assert.equal(answer.code, PacketCode.AccessReject)
}
