/** Requests per second of one core through the codec alone: inspect, verify, read, reply. `node packages/radius/bench/pap.ts` */
import {
  NasIpAddress,
  NasPort,
  ReplyMessage,
  SessionTimeout,
  UserName,
  UserPassword,
} from '../src/attributes/index.generated.ts'
import {
  attribute,
  duplicateKey,
  encodeReply,
  encodeRequest,
  inspect,
  PacketCode,
  Secret,
  verify,
} from '../src/index.ts'

const ROUNDS = 5
const REQUESTS = 200_000
const secret = new Secret('a secret of usual length')
const secrets = [secret]
const rules = { requireMessageAuthenticator: true }
const source = { address: '192.0.2.1', port: 40_000 }
const datagrams = Array.from({ length: 256 }, (_, id) =>
  Buffer.from(
    encodeRequest({
      code: PacketCode.AccessRequest,
      id,
      secret,
      attributes: [
        attribute(UserName, `user${id}`),
        attribute(UserPassword, Buffer.from(`password ${id}`)),
        attribute(NasIpAddress, '192.0.2.1'),
        attribute(NasPort, id),
      ],
    }),
  ),
)

function answer(datagram: Uint8Array): number {
  const inspected = inspect(datagram)
  if (!inspected.ok) throw new Error(inspected.reason)
  const request = inspected.packet
  const verified = verify(request, secrets, rules)
  if (!verified.ok) throw new Error(verified.reason)
  const key = duplicateKey(source, request)
  const name = request.get(UserName)
  const password = request.get(UserPassword, request.hidingKey(verified.secret))
  if (name === undefined || password === undefined) throw new Error('unreadable')
  const attributes = [attribute(SessionTimeout, 3600), attribute(ReplyMessage, 'welcome')]
  return key.length + encodeReply({ code: PacketCode.AccessAccept, request, secret, attributes }).length
}

for (let round = 1; round <= ROUNDS; round++) {
  const start = process.cpuUsage()
  for (let i = 0; i < REQUESTS; i++) answer(datagrams[i & 0xff] as Uint8Array)
  const { user, system } = process.cpuUsage(start)
  const perSecond = Math.round(REQUESTS / ((user + system) / 1e6))
  console.log(`round ${round}: ${perSecond} PAP requests per CPU second`)
}
