import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { concat, fromHex, fromUtf8 } from '@sallyport/bytes'
import { talk } from '../../../test/conversation.ts'
import { PasswordVerifier } from '../../../test/password-verifier.ts'
import { EapType } from '../../eap-type.ts'
import { encodeResponse } from '../../packet.ts'
import { EapPeer } from '../../peer.ts'
import { EapServer } from '../../server.ts'
import { md5Peer } from './peer.ts'
import { md5Server } from './server.ts'

function serverOf(verifier: PasswordVerifier): EapServer {
  const randomBytes = (length: number) => new Uint8Array(length).fill(0x40)
  const methods = new Map([[EapType.Md5Challenge, md5Server({ verifier, randomBytes })]])
  return new EapServer({ methods, offer: () => [EapType.Md5Challenge], randomBytes })
}

function peerOf(password: string): EapPeer {
  return new EapPeer({ identity: 'alice', methods: new Map([[EapType.Md5Challenge, md5Peer({ password })]]) })
}

test('ok/the right password', async () => {
  const { server, peer } = await talk(serverOf(new PasswordVerifier('alice', 'secret')), peerOf('secret'))
  assert.deepEqual(server, {
    kind: 'done',
    result: { method: 'eap-md5', identity: 'alice', proof: { user: 'alice' } },
  })
  assert.deepEqual(peer, { kind: 'success', method: 'eap-md5' })
})

test('fail/the wrong password', async () => {
  const { server, peer } = await talk(serverOf(new PasswordVerifier('alice', 'secret')), peerOf('Secret'))
  assert.ok(server.kind === 'failure' && server.reason.code === 'refused')
  assert.equal(peer.kind, 'failure')
})

test('RFC 3748 section 5.4: the request, and the response over its identifier', async () => {
  const server = serverOf(new PasswordVerifier('alice', 'secret'))
  const request = await server.receive(encodeResponse(6, 1, fromUtf8('alice')))
  assert.ok(request.kind === 'request')
  const challenge = new Uint8Array(16).fill(0x40)
  const name = fromUtf8('sallyport')
  assert.deepEqual(request.packet, concat(fromHex('0107001f 04 10'), challenge, name))
  const value = hash('md5', concat(Uint8Array.of(7), fromUtf8('secret'), challenge), 'buffer')
  const answer = await server.receive(encodeResponse(7, 4, concat(Uint8Array.of(16), value)))
  assert.equal(answer.kind, 'done')
})

test('fail/hostile peer: value sizes that lie are discarded, and nobody is asked', async () => {
  const verifier = new PasswordVerifier('alice', 'secret')
  const server = serverOf(verifier)
  await server.receive(encodeResponse(6, 1, fromUtf8('alice')))
  const value = new Uint8Array(16)
  const hostile = ['', '10', '00', 'ff'].map((size) => fromHex(size))
  hostile.push(
    concat(Uint8Array.of(15), value),
    concat(Uint8Array.of(17), value),
    concat(Uint8Array.of(16), value.subarray(1)),
  )
  for (const data of hostile) {
    const answer = await server.receive(encodeResponse(7, 4, data))
    assert.ok(answer.kind === 'ignore' && answer.reason.code === 'malformed-packet')
  }
  assert.deepEqual(verifier.asked, [])
})

test('unavailable/nobody can verify', async () => {
  const verifier = new PasswordVerifier('alice', 'secret')
  verifier.unavailable = true
  const server = serverOf(verifier)
  await server.receive(encodeResponse(6, 1, fromUtf8('alice')))
  const answer = await server.receive(encodeResponse(7, 4, concat(Uint8Array.of(16), new Uint8Array(16))))
  assert.deepEqual(answer, { kind: 'unavailable' })
})

test('the peer discards a challenge that is not well-formed', () => {
  const method = md5Peer({ password: 'x' })({ identity: 'alice', mtu: 1020 })
  for (const data of ['', '00', '05 00']) {
    const step = method.respond(fromHex(data), 1)
    assert.ok('kind' in step && step.kind === 'ignore')
  }
})
