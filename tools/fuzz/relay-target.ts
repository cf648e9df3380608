import {
  attribute,
  encodeRequest,
  inspect,
  PacketCode,
  type RawAttribute,
  Secret,
  verifyReply,
} from '@sallyport/radius'
import {
  CallingStationId,
  CiscoAVPair,
  FilterId,
  FramedIPv6Prefix,
  FramedIpAddress,
  HpPortBounceHost,
  NasPort,
  ProxyState,
  ServiceType,
  UserName,
} from '@sallyport/radius/attributes'
import { Relay } from '../../server/src/access/dynamic-authorization/relay/relay.ts'
import { Senders } from '../../server/src/access/dynamic-authorization/relay/senders.ts'
import { ReplyCache } from '../../server/src/access/reply-cache.ts'
import { configurationSchema } from '../../server/src/config/schema.ts'
import type { Snapshot } from '../../server/src/config/snapshot.ts'
import { FakeClock } from '../../server/src/kernel/clock.ts'
import type { Logger } from '../../server/src/kernel/logging.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

const SECRET = new Secret('secret-of-the-nac')
const NAC = { address: '192.0.2.5', port: 4000 }

/** Mutated CoA- and Disconnect-Requests of a trusted sender, signed with the right secret after the mutation. */
export const relayTarget: FuzzTarget = {
  name: 'relay',
  share: 1 / 5,
  open: async () => new RelayFuzz(),
}

class RelayFuzz implements OpenTarget {
  readonly #clock = new FakeClock()
  readonly #errors: unknown[] = []
  readonly #relay: Relay
  #asked = 0

  constructor() {
    const dynamicAuthorization = { maySend: true, requireEventTimestamp: false }
    const { clients } = configurationSchema.parse({
      clients: [{ name: 'nac', address: NAC.address, secret: 'secret-of-the-nac', dynamicAuthorization }],
    })
    const clientAddresses = [{ client: 'nac', networks: [`${NAC.address}/32`] }]
    // Secrets are plain text in this document.
    const senders = new Senders({ configuration: { clients }, clientAddresses } as unknown as Snapshot)
    const quiet = (): void => {}
    const log: Logger = {
      ...{ trace: quiet, debug: quiet, info: quiet, warn: quiet, isLevelEnabled: () => false },
      error: (values: unknown) => void this.#errors.push(values),
    }
    this.#relay = new Relay({
      senders: () => senders,
      find: async () => ['s1'],
      act: async () => {
        this.#asked++
        return { outcome: 'acknowledged' }
      },
      replies: new ReplyCache({ capacity: 256, ringOctets: 65_536 }),
      clock: this.#clock,
      log,
      count: quiet,
    })
  }

  async attempt(random: Random, tell: (input: Uint8Array) => void): Promise<string> {
    const made = request(random)
    const datagram = random.oneIn(10) ? mutate(made, random, [made]) : made
    tell(datagram)
    this.#clock.advance(1000)
    let answer: Uint8Array | undefined
    this.#relay.receive(datagram, NAC, (octets) => {
      answer = octets
    })
    await new Promise((resolve) => setImmediate(resolve))
    const [error] = this.#errors
    if (error !== undefined) throw new Finding(`caught inside: ${JSON.stringify(error)}`)
    return answer === undefined ? 'silence' : judge(answer, datagram)
  }

  close(): void {
    if (this.#asked === 0) throw new Finding('no request ever reached a device')
  }
}

function judge(answer: Uint8Array, datagram: Uint8Array): string {
  const inspected = inspect(answer)
  if (!inspected.ok) throw new Finding(`the answer is malformed: ${inspected.reason}`)
  const sent = { code: datagram[0] ?? 0, id: datagram[1] ?? 0, authenticator: datagram.subarray(4, 20) }
  const verified = verifyReply(inspected.packet, sent, SECRET, { requireMessageAuthenticator: false })
  if (!verified.ok) throw new Finding(`the answer does not verify: ${verified.reason}`)
  return `code ${inspected.packet.code}`
}

/** Attributes that mean something, damaged, repeated, among others that do not; signed over what they are then. */
function request(random: Random): Uint8Array {
  const attributes = Array.from({ length: random.between(0, 8) }, () =>
    damaged(random.oneIn(4) ? stray(random) : random.pick(SEEDS), random),
  )
  const code = random.pick([PacketCode.CoaRequest, PacketCode.DisconnectRequest])
  const messageAuthenticator = !random.oneIn(4)
  return encodeRequest({ code, id: random.below(256), secret: SECRET, attributes, messageAuthenticator })
}

const MESSAGE_AUTHENTICATOR = 80

function stray(random: Random): RawAttribute {
  const type = random.between(1, 255)
  // The encoder places that one by itself.
  return { type: type === MESSAGE_AUTHENTICATOR ? 81 : type, octets: random.octets(random.below(60)) }
}

function damaged({ type, octets }: RawAttribute, random: Random): RawAttribute {
  if (!random.oneIn(3)) return { type, octets }
  return random.oneIn(2)
    ? { type, octets: octets.subarray(0, random.below(octets.length + 1)) }
    : { type, octets: random.octets(octets.length) }
}

/** What the session and the action are read from, as octets. */
const SEEDS: readonly RawAttribute[] = attributesOf(
  encodeRequest({
    ...{ code: PacketCode.CoaRequest, id: 1, secret: SECRET },
    attributes: [
      attribute(UserName, 'alice'),
      attribute(CallingStationId, '02-00-00-00-00-01'),
      attribute(FramedIpAddress, '10.0.0.7'),
      attribute(FramedIPv6Prefix, '2001:db8::/64'),
      attribute(NasPort, 7),
      attribute(ServiceType, 17),
      attribute(CiscoAVPair, 'subscriber:command=reauthenticate'),
      attribute(HpPortBounceHost, 12),
      attribute(FilterId, 'guests'),
      attribute(ProxyState, Uint8Array.of(1, 2)),
    ],
  }),
)

function attributesOf(packet: Uint8Array): RawAttribute[] {
  const inspected = inspect(packet)
  if (!inspected.ok) throw new Finding('the seeds are malformed')
  return [...inspected.packet.attributes()].map(({ type, octets }) => ({ type, octets }))
}
