import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Door } from '../../test/door.ts'
import { login, readReply } from '../../test/requests.ts'
import { readableAttributes } from './readable-attributes.ts'

async function answer(profile: object): Promise<Readonly<Record<string, readonly string[]>>> {
  const door = await Door.open({
    profiles: [{ name: 'ppp', ...profile }],
    rules: [{ name: 'all', when: 'true', effect: 'accept', profiles: ['ppp'] }],
  })
  try {
    await door.users.add('alice')
    const sent = login('mschapv2')
    const reply = (await door.send(sent)) ?? new Uint8Array()
    return readableAttributes(readReply(reply, sent))
  } finally {
    door.close()
  }
}

describe('what an accept carries', () => {
  it('ok/ MS-CHAP requires 128 bits by itself', async () => {
    const said = await answer({})
    assert.deepEqual(said['MS-MPPE-Encryption-Policy'], ['Encryption-Required'])
    assert.deepEqual(said['MS-MPPE-Encryption-Types'], ['4'])
  })

  it('ok/ a profile that says how PPP is encrypted overrules it, once', async () => {
    const said = await answer({ mppe: { encryption: 'optional', keyBits: [40, 128] } })
    assert.deepEqual(said['MS-MPPE-Encryption-Policy'], ['Encryption-Allowed'])
    assert.deepEqual(said['MS-MPPE-Encryption-Types'], ['6'])
  })

  it('ok/ an attribute by name takes the place of the term that would send it', async () => {
    const said = await answer({
      vlan: 42,
      attributes: [{ name: 'Tunnel-Private-Group-Id', value: 'guests' }],
    })
    assert.deepEqual(said['Tunnel-Private-Group-Id'], ['guests'])
    assert.deepEqual(said['Tunnel-Type'], ['VLAN'])
  })
})
