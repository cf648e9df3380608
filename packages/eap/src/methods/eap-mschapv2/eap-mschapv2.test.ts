import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import {
  generateAuthenticatorResponse,
  generateNtResponse,
  hashNtPasswordHash,
  type MschapFailure,
  mppeKeys,
  ntPasswordHash,
  parseMschapFailure,
} from '@sallyport/mschap'
import { talk } from '../../../test/conversation.ts'
import { PasswordVerifier } from '../../../test/password-verifier.ts'
import { EapType } from '../../eap-type.ts'
import type { EapMethod, Step } from '../../method.ts'
import { EapPeer } from '../../peer.ts'
import type { EapPeerMethod, PeerStep } from '../../peer-method.ts'
import { EapServer } from '../../server.ts'
import type { MschapError } from '../../verifier.ts'
import { encodeMschapV2, type MschapV2Packet, parseMschapV2 } from './packet.ts'
import { type MschapV2PeerOptions, mschapV2Peer } from './peer.ts'
import { mschapV2Server } from './server.ts'

/** What the owner of the conversation gives it. */
const SCOPE = { conversation: 'this one' }

function serverOf(verifier: PasswordVerifier): EapServer {
  const methods = new Map([[EapType.MsChapV2, mschapV2Server({ verifier })]])
  return new EapServer({ methods, offer: () => [EapType.MsChapV2], scope: SCOPE })
}

function peerOf(options: MschapV2PeerOptions, identity = 'alice'): EapPeer {
  return new EapPeer({ identity, methods: new Map([[EapType.MsChapV2, mschapV2Peer(options)]]) })
}

function refusing(error: MschapError): PasswordVerifier {
  const verifier = new PasswordVerifier('alice', 'secret')
  verifier.error = error
  return verifier
}

// ----- conversations -------------------------------------------------------------------------------------------------

test('ok/the right password: both ends hold the same keys', async () => {
  const { server, peer } = await talk(
    serverOf(new PasswordVerifier('alice', 'secret')),
    peerOf({ password: 'secret' }),
  )
  assert.ok(server.kind === 'done' && peer.kind === 'success')
  assert.equal(server.result.method, 'eap-mschapv2')
  assert.equal(server.result.identity, 'alice')
  assert.ok(server.result.keys !== undefined && peer.keys !== undefined)
  assert.equal(toHex(server.result.keys.msk), toHex(peer.keys.msk))
  assert.equal(server.result.keys.msk.length, 64)
  assert.notEqual(toHex(server.result.keys.msk.subarray(0, 32)), '00'.repeat(32), 'not wiped at the end')
})

test('ok/the name may carry a domain or a realm that the identity lacks, and the other way round', async () => {
  const names: readonly (readonly [string, string])[] = [
    ['CORP\\alice', 'CORP\\alice'],
    ['CORP\\alice', 'alice'],
    ['alice', 'CORP\\alice'],
    ['alice', 'Alice@example.org'],
  ]
  for (const [identity, userName] of names) {
    const peer = peerOf({ password: 'secret', userName }, identity)
    const talked = await talk(serverOf(new PasswordVerifier('alice', 'secret')), peer)
    assert.equal(talked.server.kind, 'done', `${identity} as ${userName}`)
    assert.equal(talked.peer.kind, 'success')
  }
})

test('fail/the wrong password: E=691, the peer gives up', async () => {
  const { server, peer } = await talk(
    serverOf(new PasswordVerifier('alice', 'secret')),
    peerOf({ password: 'no' }),
  )
  assert.ok(server.kind === 'failure' && server.reason.code === 'refused')
  assert.deepEqual(peer, {
    kind: 'failure',
    reason: { code: 'refused', detail: { error: 691, retry: true, message: 'Wrong name or password' } },
    method: 'eap-mschapv2',
  })
})

test('ok/E=691 R=1: another try over the new challenge', async () => {
  const seen: MschapFailure[] = []
  const askAgain = (failure: MschapFailure) => {
    seen.push(failure)
    return 'secret'
  }
  const peer = peerOf({ password: 'no', askAgain })
  const talked = await talk(serverOf(new PasswordVerifier('alice', 'secret')), peer)
  assert.equal(talked.server.kind, 'done')
  assert.equal(talked.peer.kind, 'success')
  assert.equal(seen[0]?.challenge?.length, 16)
})

test('fail/retries are bounded whatever the verifier allows', async () => {
  const verifier = new PasswordVerifier('alice', 'secret')
  const { server } = await talk(serverOf(verifier), peerOf({ password: 'no', askAgain: () => 'no again' }))
  assert.ok(server.kind === 'failure' && server.reason.code === 'refused')
  assert.equal(verifier.asked.length, 4)
})

test('fail/every error of RFC 2759 section 6 reaches the peer with its number and text', async () => {
  for (const code of [646, 647, 648, 649, 691, 709] as const) {
    const message = `because of ${code}`
    const { server, peer } = await talk(
      serverOf(refusing({ code, retry: false, message })),
      peerOf({ password: 'secret' }),
    )
    assert.equal(server.kind, 'failure')
    assert.ok(peer.kind === 'failure')
    assert.deepEqual(peer.reason, { code: 'refused', detail: { error: code, retry: false, message } })
  }
})

test('ok/E=648: the peer changes the password and is in, whatever R says', async () => {
  for (const retry of [true, false]) {
    const verifier = refusing({ code: 648, retry, message: 'Password expired' })
    const options = { password: 'secret', newPassword: 'N3w-secret' }
    const { server, peer } = await talk(serverOf(verifier), peerOf(options))
    assert.ok(server.kind === 'done' && peer.kind === 'success')
    assert.ok(server.result.keys !== undefined && peer.keys !== undefined)
    assert.equal(toHex(server.result.keys.msk), toHex(peer.keys.msk))
    assert.equal(verifier.clear, 'N3w-secret')
    assert.deepEqual(verifier.scopes, [SCOPE, SCOPE])
  }
})

test('fail/E=648 for ever: the peer changes once, the server waits a bounded number of times', async () => {
  const verifier = refusing({ code: 648, retry: false, message: 'Password expired' })
  verifier.changePassword = () => ({
    ok: false,
    failure: { code: 'refused' },
    error: { code: 648, retry: false, message: 'Still expired' },
  })
  const { server, peer } = await talk(
    serverOf(verifier),
    peerOf({ password: 'secret', newPassword: 'N3w-secret' }),
  )
  assert.equal(server.kind, 'failure')
  assert.ok(peer.kind === 'failure' && peer.reason.detail?.error === 648)
})

test('fail/E=709: the new password is not good enough', async () => {
  const verifier = refusing({ code: 648, retry: true, message: 'Password expired' })
  const { server, peer } = await talk(
    serverOf(verifier),
    peerOf({ password: 'secret', newPassword: 'short' }),
  )
  assert.equal(server.kind, 'failure')
  assert.ok(peer.kind === 'failure' && peer.reason.detail?.error === 709)
  assert.equal(verifier.clear, 'secret')
})

test('fail/E=648 without a new password', async () => {
  const verifier = refusing({ code: 648, retry: true, message: 'Password expired' })
  const { server, peer } = await talk(serverOf(verifier), peerOf({ password: 'secret' }))
  assert.equal(server.kind, 'failure')
  assert.ok(peer.kind === 'failure' && peer.reason.detail?.error === 648)
})

test('fail/the name in the response is not the identity', async () => {
  const verifier = new PasswordVerifier('alice', 'secret')
  const { server } = await talk(serverOf(verifier), peerOf({ password: 'secret', userName: 'bob' }))
  assert.ok(server.kind === 'failure')
  assert.deepEqual(server.reason, { code: 'identity-mismatch', detail: { identity: 'alice', name: 'bob' } })
  assert.deepEqual(verifier.asked, [])
})

test('unavailable/nobody can verify', async () => {
  const verifier = new PasswordVerifier('alice', 'secret')
  verifier.unavailable = true
  const { method, challenge } = begun(verifier)
  assert.deepEqual(respond(method, responseTo(challenge, 'alice')), { kind: 'unavailable' })
})

// ----- step by step --------------------------------------------------------------------------------------------------

function begun(verifier: PasswordVerifier, identity = 'alice'): { method: EapMethod; challenge: Uint8Array } {
  const method = mschapV2Server({ verifier })({ identity, identifier: () => 5, mtu: 1020 })
  const packet = sent(now(method.begin()))
  assert.ok(packet.op === 'challenge' && packet.id === 5)
  return { method, challenge: packet.challenge }
}

const peerChallenge = fromHex('21402324255e262a28295f2b3a337c7e')

function responseTo(
  challenge: Uint8Array,
  name: string,
  password = 'secret',
  hashedName = 'alice',
): MschapV2Packet {
  const ntResponse = generateNtResponse(challenge, peerChallenge, hashedName, ntPasswordHash(password))
  return { op: 'response', id: 5, peerChallenge, ntResponse, name }
}

function now<T>(value: T | Promise<T>): T {
  assert.ok(!(value instanceof Promise))
  return value
}

function respond(method: EapMethod, packet: MschapV2Packet): Step {
  return now(method.respond(encodeMschapV2(packet)))
}

/** The packet of a step that sends one. */
function sent(step: Step | PeerStep): MschapV2Packet {
  assert.ok('data' in step && step.data !== undefined, `a step that sends, not ${step.kind}`)
  const packet = parseMschapV2(step.data)
  assert.ok(packet !== undefined)
  return packet
}

const ACK: MschapV2Packet = { op: 'success', id: 0, message: '' }
const NAK: MschapV2Packet = { op: 'failure', id: 0, message: '' }

test('ok/a peer that hashes its domain gets an authenticator response over the same name', () => {
  for (const hashedName of ['alice', 'CORP\\alice']) {
    const { method, challenge } = begun(new PasswordVerifier('alice', 'secret'), 'CORP\\alice')
    const response = responseTo(challenge, 'CORP\\alice', 'secret', hashedName)
    const success = sent(respond(method, response))
    assert.ok(success.op === 'success' && response.op === 'response')
    const { ntResponse } = response
    const proof = { authenticatorChallenge: challenge, peerChallenge, ntResponse, userName: hashedName }
    const ntHashHash = hashNtPasswordHash(ntPasswordHash('secret'))
    assert.equal(success.message, `${generateAuthenticatorResponse(ntHashHash, proof)} M=OK`)
  }
})

test('ok/the MSK is receive key, send key and zeros', () => {
  const { method, challenge } = begun(new PasswordVerifier('alice', 'secret'))
  const response = responseTo(challenge, 'alice')
  respond(method, response)
  const done = respond(method, ACK)
  assert.ok(done.kind === 'done' && response.op === 'response')
  const hash = hashNtPasswordHash(ntPasswordHash('secret'))
  const { receive, send } = mppeKeys(hash, response.ntResponse, 'server')
  assert.deepEqual(done.result.keys?.msk, concat(receive, send, new Uint8Array(32)))
})

test('fail/nothing is done before the peer has acknowledged the success', () => {
  const { method, challenge } = begun(new PasswordVerifier('alice', 'secret'))
  const early = respond(method, ACK)
  assert.ok(early.kind === 'ignore' && early.reason.code === 'unexpected-packet')
  assert.equal(respond(method, responseTo(challenge, 'alice')).kind, 'send')
  assert.equal(respond(method, responseTo(challenge, 'alice')).kind, 'ignore', 'a second response')
  assert.equal(respond(method, ACK).kind, 'done')
})

test('fail/the peer does not believe the server', () => {
  const { method, challenge } = begun(new PasswordVerifier('alice', 'secret'))
  respond(method, responseTo(challenge, 'alice'))
  assert.deepEqual(respond(method, NAK), { kind: 'fail', reason: { code: 'peer-reported-failure' } })
})

test('fail/after a failure with R=1 a success cannot be claimed, and the old challenge is worth nothing', () => {
  const { method, challenge } = begun(new PasswordVerifier('alice', 'secret'))
  const failure = sent(respond(method, responseTo(challenge, 'alice', 'no')))
  assert.ok(failure.op === 'failure')
  const next = parseMschapFailure(failure.message)?.challenge
  assert.ok(next !== undefined)
  assert.notDeepEqual(next, challenge)
  assert.equal(respond(method, ACK).kind, 'ignore')
  assert.equal(sent(respond(method, responseTo(challenge, 'alice'))).op, 'failure')
})

test('fail/a failure with R=0 is the last word', () => {
  const { method, challenge } = begun(refusing({ code: 647, retry: false, message: 'Disabled' }))
  const step = respond(method, responseTo(challenge, 'alice'))
  assert.ok(step.kind === 'fail')
  const packet = sent(step)
  assert.ok(packet.op === 'failure' && packet.id === 5)
  assert.match(packet.message, /^E=647 R=0 C=[0-9A-F]{32} V=3 M=Disabled$/)
})

test('fail/the password is changed only after E=648, and only by a change-password packet', () => {
  const change: MschapV2Packet = {
    op: 'change-password',
    id: 6,
    encryptedPassword: new Uint8Array(516),
    encryptedHash: new Uint8Array(16),
    peerChallenge,
    ntResponse: new Uint8Array(24),
  }
  const unexpired = begun(new PasswordVerifier('alice', 'secret'))
  assert.equal(respond(unexpired.method, change).kind, 'ignore')
  respond(unexpired.method, responseTo(unexpired.challenge, 'alice', 'no'))
  assert.equal(respond(unexpired.method, change).kind, 'ignore', 'after E=691')
  const expired = begun(refusing({ code: 648, retry: true, message: 'Expired' }))
  respond(expired.method, responseTo(expired.challenge, 'alice'))
  assert.equal(respond(expired.method, responseTo(expired.challenge, 'alice')).kind, 'ignore')
  const refused = sent(respond(expired.method, change))
  assert.ok(refused.op === 'failure')
  assert.equal(parseMschapFailure(refused.message)?.code, 691)
})

test('fail/what is not well-formed is discarded and nobody is asked', () => {
  const verifier = new PasswordVerifier('alice', 'secret')
  const { method } = begun(verifier)
  for (const data of ['', '02', '0205ffff', '02050004', '0205000531', '0105000410', 'ff']) {
    const step = now(method.respond(fromHex(data)))
    assert.ok(step.kind === 'ignore' && step.reason.code === 'malformed-packet', data)
  }
  assert.deepEqual(verifier.asked, [])
})

test('close/keys that were not handed over are wiped, those that were are not', () => {
  const { method, challenge } = begun(new PasswordVerifier('alice', 'secret'))
  respond(method, responseTo(challenge, 'alice'))
  const done = respond(method, ACK)
  method.close()
  assert.ok(done.kind === 'done' && done.result.keys?.msk.some((octet) => octet !== 0))
})

// ----- the peer against a hostile server -----------------------------------------------------------------------------

function peerMethod(): EapPeerMethod {
  return mschapV2Peer({ password: 'secret' })({ identity: 'alice', mtu: 1020 })
}

function ask(method: EapPeerMethod, packet: MschapV2Packet): PeerStep {
  return now(method.respond(encodeMschapV2(packet), 1))
}

test('peer/fail: a server that does not know the password', () => {
  const method = peerMethod()
  ask(method, { op: 'challenge', id: 1, challenge: peerChallenge, name: 'rogue' })
  const step = ask(method, { op: 'success', id: 1, message: `S=${'0'.repeat(40)} M=Welcome` })
  assert.deepEqual(step, { kind: 'fail', reason: { code: 'authenticator-response-invalid' } })
  assert.equal(method.keys?.(), undefined)
})

test('peer/fail: a success before any challenge, a failure nobody can read, garbage', () => {
  assert.equal(ask(peerMethod(), { op: 'success', id: 1, message: 'S=' }).kind, 'ignore')
  const step = ask(peerMethod(), { op: 'failure', id: 1, message: 'go away' })
  assert.ok(step.kind === 'send' && step.decision === 'fail')
  assert.deepEqual(step.reason, { code: 'refused', detail: { text: 'go away' } })
  assert.equal(now(peerMethod().respond(fromUtf8('?'), 1)).kind, 'ignore')
  assert.equal(ask(peerMethod(), responseTo(peerChallenge, 'alice')).kind, 'ignore')
})
