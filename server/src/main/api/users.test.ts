import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { PasswordStorage } from '../../config/schema.ts'
import { sourceSchema } from '../../config/sections/sources.ts'
import { testSealer } from '../../identity/local/test/house.ts'
import { UserStore } from '../../identity/local/user-store.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { forEachEngine } from '../../store/testing.ts'
import { userApi } from './users.ts'

type Parts = Parameters<typeof userApi>[0]

forEachEngine(({ open }) => {
  async function setUp() {
    const reader = await open()
    const clock = new FakeClock()
    const store = new UserStore(reader, clock)
    let form: PasswordStorage = 'argon2id'
    const configuration = {
      get snapshot() {
        const sources = [sourceSchema.parse({ name: 'local', kind: 'local', passwordStorage: form })]
        return { configuration: { sources } }
      },
    }
    const parts = { reader, clock, configuration, sealer: testSealer(), stores: { users: store } }
    // What users and passwords are made of; lock-out and the rest of the house are not asked for.
    const api = userApi({ ...parts, written: async () => {} } as unknown as Parts)
    const setForm = (next: PasswordStorage) => {
      form = next
    }
    return { api, setForm }
  }

  it('a password is kept as the source says when it is set, unless the call says otherwise', async () => {
    const { api, setForm } = await setUp()
    const formOf = async () => (await api.get('alice'))?.passwordStorage
    const set = (storage?: PasswordStorage) =>
      api.setPassword('alice', {
        password: 'Vpn-Passw0rd!',
        mustChangePassword: false,
        ...(storage === undefined ? {} : { storage }),
      })
    await api.create({ name: 'alice', password: 'Vpn-Passw0rd!' })
    assert.equal(await formOf(), 'argon2id')
    setForm('nt-hash')
    assert.equal(await formOf(), 'argon2id')
    await set()
    assert.equal(await formOf(), 'nt-hash')
    await set('reversible')
    assert.equal(await formOf(), 'reversible')
    await set()
    assert.equal(await formOf(), 'nt-hash')
  })

  it('the form alone cannot be changed, and the refusal says what can', async () => {
    const { api } = await setUp()
    await api.create({ name: 'alice', password: 'Vpn-Passw0rd!' })
    await assert.rejects(api.change('alice', { passwordStorage: 'nt-hash' }), {
      code: 'password-needed',
      message: /users password NAME --storage FORM/,
    })
  })
})
