/**
 * CPU of the server side for one login by each TLS method: `node packages/eap/bench/tls-logins.ts [logins]`. The peer is our
 * own, in the same thread; the clock runs while the server works.
 */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import {
  EapPeer,
  type EapPeerMethodFactory,
  EapServer,
  EapType,
  eapTlsPeer,
  eapTlsServer,
  mschapV2Peer,
  mschapV2Server,
  peapPeer,
  peapServer,
  ResumptionStore,
  type TlsVersion,
} from '../src/index.ts'
import { NodeTlsEngine } from '../src/node.ts'
import { makePki, type TestPki } from '../test/certificates.ts'
import { LoginVerifier } from '../test/login-verifier.ts'

const PASSWORD = 'correct horse'

interface Case {
  readonly name: string
  readonly type: number
  readonly version: TlsVersion
  readonly certificate: 'ECDSA' | 'RSA'
  readonly resumed: boolean
}

const CASES: readonly Case[] = [
  { name: 'EAP-TLS 1.2', type: EapType.Tls, version: 'TLSv1.2', certificate: 'ECDSA', resumed: false },
  { name: 'EAP-TLS 1.2 RSA', type: EapType.Tls, version: 'TLSv1.2', certificate: 'RSA', resumed: false },
  { name: 'EAP-TLS 1.3', type: EapType.Tls, version: 'TLSv1.3', certificate: 'ECDSA', resumed: false },
  { name: 'EAP-TLS 1.3 RSA', type: EapType.Tls, version: 'TLSv1.3', certificate: 'RSA', resumed: false },
  { name: 'EAP-TLS 1.3 resumed', type: EapType.Tls, version: 'TLSv1.3', certificate: 'ECDSA', resumed: true },
  { name: 'PEAP-MSCHAPv2 1.2', type: EapType.Peap, version: 'TLSv1.2', certificate: 'ECDSA', resumed: false },
  {
    name: 'PEAP-MSCHAPv2 1.2 RSA',
    type: EapType.Peap,
    version: 'TLSv1.2',
    certificate: 'RSA',
    resumed: false,
  },
  { name: 'PEAP 1.2 resumed', type: EapType.Peap, version: 'TLSv1.2', certificate: 'ECDSA', resumed: true },
]

const logins = Number(process.argv[2] ?? 500)
const pki = makePki()
for (const it of CASES) {
  const start = serverFor(it, pki)
  const peer = peerFor(it, new NodeTlsEngine(), pki)
  for (let i = 0; i < logins / 5; i++) await login(it, start(), peer)
  let microseconds = 0
  for (let i = 0; i < logins; i++) microseconds += await login(it, start(), peer)
  console.log(`${it.name.padEnd(24)} ${(microseconds / logins / 1000).toFixed(3)} ms of server CPU a login`)
}
pki.remove()

/** One login; returns the server's CPU time in microseconds. */
async function login(it: Case, server: EapServer, factory: EapPeerMethodFactory): Promise<number> {
  const peer = new EapPeer({ identity: 'alice', methods: new Map([[it.type, factory]]) })
  let answer = server.start()
  let microseconds = 0
  while (answer.kind === 'request') {
    const response = await peer.receive(answer.packet)
    if (response.kind !== 'respond') throw new Error(JSON.stringify(response))
    await setImmediate()
    const before = process.threadCpuUsage()
    answer = await server.receive(response.packet)
    if (answer.kind === 'done') answer.result.release?.()
    // What Node puts off to the next turn is part of the price.
    await setImmediate()
    const used = process.threadCpuUsage(before)
    microseconds += used.user + used.system
  }
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer))
  const end = await peer.receive(server.success())
  if (end.kind !== 'success') throw new Error(JSON.stringify(end))
  return microseconds
}

function serverFor(it: Case, pki: TestPki): () => EapServer {
  const engine = new NodeTlsEngine()
  const verifier = new LoginVerifier('alice', PASSWORD)
  const resumption = new ResumptionStore({ now: () => performance.now() })
  const certificates = pki.server.filter((_, at) => (at === 0) === (it.certificate === 'ECDSA'))
  const method =
    it.type === EapType.Tls
      ? eapTlsServer({ engine, verifier, certificates, clientAuthorities: [pki.ca], resumption })
      : peapServer({
          engine,
          verifier,
          certificates,
          resumption,
          cryptoBinding: 'optional',
          inner: {
            methods: new Map([[EapType.MsChapV2, mschapV2Server({ verifier })]]),
            offer: () => [EapType.MsChapV2],
          },
        })
  return () => new EapServer({ methods: new Map([[it.type, method]]), offer: () => [it.type] })
}

function peerFor(it: Case, engine: NodeTlsEngine, pki: TestPki): EapPeerMethodFactory {
  let session: Uint8Array | undefined
  const tls = () => ({
    engine,
    authorities: [pki.ca],
    serverName: 'radius.example.org',
    minVersion: it.version,
    maxVersion: it.version,
    ...(it.resumed && session !== undefined ? { session } : {}),
    onSession: (kept: Uint8Array) => {
      session = kept
    },
  })
  const methods = new Map([[EapType.MsChapV2, mschapV2Peer({ password: PASSWORD })]])
  return it.type === EapType.Tls
    ? (context) => eapTlsPeer({ ...tls(), certificate: pki.alice })(context)
    : (context) => peapPeer({ ...tls(), inner: { identity: 'alice', methods } })(context)
}
