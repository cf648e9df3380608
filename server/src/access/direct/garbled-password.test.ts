import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute } from '@sallyport/radius'
import { UserName, UserPassword } from '@sallyport/radius/attributes'
import { Door, LEGACY_NAS } from '../../../test/door.ts'
import { login, request } from '../../../test/requests.ts'

const wrongSecret = (id: number) => login('pap', { id, secret: 'another one', messageAuthenticator: false })

test('fail/a password under the wrong secret is called garbled and locks nobody out', async () => {
  const door = await Door.open({ lockoutThreshold: 2 })
  await door.users.add('alice')
  for (const id of [1, 2, 3, 4]) {
    await door.send(wrongSecret(id), LEGACY_NAS)
    assert.equal(door.receipt.reason.code, 'password-garbled')
    assert.equal(door.receipt.outcome, 'reject')
  }
  await door.send(login('pap', { id: 9, messageAuthenticator: false }), LEGACY_NAS)
  assert.equal(door.receipt.outcome, 'accept')
})

test('fail/where Message-Authenticator vouches for the secret, octets that are no text are a wrong password', async () => {
  const door = await Door.open()
  await door.users.add('alice')
  const octets = Uint8Array.of(0xff, 0xfe, 0xfd)
  await door.send(request([attribute(UserName, 'alice'), attribute(UserPassword, octets)]))
  assert.equal(door.receipt.reason.code, 'wrong-password')
})

test('fail/a wrong password that is text is a wrong password, with or without Message-Authenticator', async () => {
  const door = await Door.open()
  await door.users.add('alice')
  await door.send(login('pap', { password: 'wröng', messageAuthenticator: false }), LEGACY_NAS)
  assert.equal(door.receipt.reason.code, 'wrong-password')
})
