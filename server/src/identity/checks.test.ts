import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../config/schema.ts'
import { METHODS } from '../policy/methods.ts'
import { checkMethods, storagesOfUsers } from './checks.ts'

function configurationWith(storage: string, methods: object, effect = 'accept'): Configuration {
  // No clients: the document is what is served.
  return configurationSchema.parse({
    sources: [{ name: 'local', kind: 'local', passwordStorage: storage }],
    realms: [{ name: 'home', default: true, sources: ['local'] }],
    rules: [{ name: 'vpn', methods, effect }],
  }) as Configuration
}

const found = (storage: string, methods: object) =>
  checkMethods(configurationWith(storage, methods)).map(({ severity, code, path }) => [severity, code, path])

test('a rule that nothing can fulfil is an error that says what to change', () => {
  const [problem, ...others] = checkMethods(configurationWith('argon2id', { outer: ['chap'] }))
  assert.equal(others.length, 0)
  assert.deepEqual(
    [problem?.severity, problem?.code, problem?.path],
    ['error', 'methods-unverifiable', 'rules/vpn/methods'],
  )
  assert.match(problem?.message ?? '', /allows \(chap\): source 'local' keeps argon2id/)
  assert.match(problem?.message ?? '', /passwordStorage .* to reversible and set the passwords again/)
})

test('methods against forms of storage', () => {
  const error = [['error', 'methods-unverifiable', 'rules/vpn/methods']]
  const warning = [['warning', 'method-unverifiable', 'rules/vpn/methods']]
  assert.deepEqual(found('argon2id', {}), [])
  assert.deepEqual(found('argon2id', { outer: ['pap', 'eap-tls'] }), [])
  assert.deepEqual(found('argon2id', { outer: ['mschapv2', 'pap'] }), warning)
  assert.deepEqual(found('argon2id', { outer: ['peap'], inner: ['eap-mschapv2'] }), error)
  assert.deepEqual(found('argon2id', { outer: ['peap'], inner: ['eap-mschapv2', 'eap-tls'] }), warning)
  assert.deepEqual(found('argon2id', { outer: ['peap'] }), [])
  assert.deepEqual(found('nt-hash', { outer: ['peap', 'mschapv2'], inner: ['eap-mschapv2'] }), [])
  assert.deepEqual(found('nt-hash', { outer: ['eap-md5'] }), error)
  assert.deepEqual(found('reversible', { outer: [...METHODS], inner: ['chap', 'mschap'] }), [])
  assert.deepEqual(checkMethods(configurationWith('argon2id', { outer: ['chap'] }, 'reject')), [])
})

test('what single users keep counts too', () => {
  const configuration = configurationWith('argon2id', { outer: ['chap'] })
  const users = [
    { name: 'a', passwordStorage: 'reversible' },
    { name: 'b' },
    null,
    { passwordStorage: 'rot13' },
  ]
  assert.deepEqual(storagesOfUsers(users), new Set(['reversible']))
  assert.deepEqual(checkMethods(configuration, storagesOfUsers(users)), [])
  assert.equal(checkMethods(configuration, new Set(['nt-hash'])).length, 1)
})
