import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8, toUtf8 } from '@sallyport/bytes'
import { talk } from '../../../test/conversation.ts'
import { PasswordVerifier } from '../../../test/password-verifier.ts'
import { EapType } from '../../eap-type.ts'
import { encodeResponse } from '../../packet.ts'
import { EapPeer } from '../../peer.ts'
import { EapServer } from '../../server.ts'
import { gtcPeer } from './peer.ts'
import { gtcServer } from './server.ts'

function serverOf(verifier: PasswordVerifier, prompt?: string): EapServer {
  const factory = gtcServer(prompt === undefined ? { verifier } : { verifier, prompt })
  return new EapServer({ methods: new Map([[EapType.Gtc, factory]]), offer: () => [EapType.Gtc] })
}

function peerOf(password: string): EapPeer {
  return new EapPeer({ identity: 'alice', methods: new Map([[EapType.Gtc, gtcPeer({ password })]]) })
}

test('ok/the right password, also beyond ASCII', async () => {
  for (const password of ['secret', 'pässwört 😀']) {
    const { server, peer } = await talk(serverOf(new PasswordVerifier('alice', password)), peerOf(password))
    assert.ok(server.kind === 'done' && server.result.method === 'eap-gtc')
    assert.deepEqual(peer, { kind: 'success', method: 'eap-gtc' })
  }
})

test('fail/wrong and empty passwords', async () => {
  for (const password of ['wrong', '']) {
    const { server } = await talk(serverOf(new PasswordVerifier('alice', 'secret')), peerOf(password))
    assert.ok(server.kind === 'failure' && server.reason.code === 'refused')
  }
})

test('fail/an empty password reaches the verifier as such, whatever is stored', async () => {
  const { server } = await talk(serverOf(new PasswordVerifier('alice', '')), peerOf(''))
  assert.equal(server.kind, 'failure')
})

test('the prompt is the request', async () => {
  const server = serverOf(new PasswordVerifier('alice', 'secret'), 'One-time code')
  const answer = await server.receive(encodeResponse(1, 1, fromUtf8('alice')))
  assert.ok(answer.kind === 'request')
  assert.equal(toUtf8(answer.packet.subarray(5)), 'One-time code')
})
