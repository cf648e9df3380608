/** A link that loses a fifth of all datagrams, doubles a fifth and lets them overtake: every login ends as it should. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { EapPeer, EapType, mschapV2Peer, peapPeer } from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { attribute, PacketCode } from '@sallyport/radius'
import { UserName, UserPassword } from '@sallyport/radius/attributes'
import { RadiusClient } from '@sallyport/radius/node'
import { eapLogin } from '../../../server/src/cli/radius-eap-client.ts'
import { lossyRelay } from '../../lossy-relay.ts'
import type { LabCase } from '../../scenario.ts'
import { type AbuseHouse, PASSWORD, SECRET, SERVER_NAME } from './house.ts'

const PAP_LOGINS = 700
const PEAP_LOGINS = 300
const SIDE_BY_SIDE = 20
const SEED = 20_261_122

export const LOSS: LabCase<AbuseHouse> = {
  name: '20 % loss, 20 % doubled, overtaking: at least 99.9 % of 1,000 logins end right, none wrongly',
  async run(house) {
    const link = { lost: 0.2, doubled: 0.2, delayMilliseconds: 20, random: seeded(SEED) }
    await using relay = await lossyRelay({ port: house.server.authPort }, link)
    const authority = readFileSync(house.authority, 'utf8')
    const engine = new NodeTlsEngine()
    const work = Array.from({ length: PAP_LOGINS + PEAP_LOGINS }, (_, number) => number)
    const failures: string[] = []
    let wrong = 0
    const worker = async (): Promise<void> => {
      const client = new RadiusClient({
        host: '127.0.0.1',
        port: relay.port,
        secret: SECRET,
        // 36 % of all attempts fail: 17 of them leave one exchange in 3 * 10^7 without an answer, and the last comes
        // long before the server forgets the answer it gave to the first (10 s).
        timeoutMs: 60,
        longestTimeoutMs: 400,
        retries: 16,
      })
      try {
        for (let number = work.pop(); number !== undefined; number = work.pop()) {
          // Every third password is wrong, and must stay so on a bad link.
          const isRight = number % 3 !== 0
          const password = isRight ? PASSWORD : 'not the password'
          try {
            const isIn =
              number < PEAP_LOGINS
                ? await peap(client, engine, authority, password)
                : await pap(client, password)
            if (isIn && !isRight) wrong++
            if (isIn !== isRight) failures.push(`login ${number}: ${isIn ? 'accepted' : 'refused'}`)
          } catch (error) {
            failures.push(`login ${number}: ${error instanceof Error ? error.message : String(error)}`)
          }
        }
      } finally {
        await client.close()
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
    const { carried, lost, doubled } = relay.counts
    assert.ok(lost > carried / 6 && doubled > carried / 8, 'the link was a good one')
    assert.equal(wrong, 0)
    assert.ok(failures.length <= 1, `seed ${SEED}: ${failures.slice(0, 5).join('; ')}`)
    return `${1000 - failures.length} of 1000 right, 0 wrong accepts; ${lost} datagrams lost, ${doubled} doubled`
  },
}

async function pap(client: RadiusClient, password: string): Promise<boolean> {
  const attributes = [attribute(UserName, 'alice'), attribute(UserPassword, Buffer.from(password))]
  const { packet } = await client.send(PacketCode.AccessRequest, attributes)
  return packet.code === PacketCode.AccessAccept
}

async function peap(
  client: RadiusClient,
  engine: NodeTlsEngine,
  authority: string,
  password: string,
): Promise<boolean> {
  const inner = { identity: 'alice', methods: new Map([[EapType.MsChapV2, mschapV2Peer({ password })]]) }
  const method = peapPeer({ engine, authorities: [authority], serverName: SERVER_NAME, inner })
  const peer = new EapPeer({ identity: 'anonymous', methods: new Map([[EapType.Peap, method]]) })
  const { kind } = await eapLogin(client, peer, { attributes: [attribute(UserName, 'anonymous')] })
  return kind === 'accepted'
}

/** mulberry32: the same link at every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
