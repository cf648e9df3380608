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

const LDAP = { name: 'ad', kind: 'ldap', servers: ['ldaps://dc1'], baseDn: 'dc=example,dc=org' }
const WINBIND = { name: 'domain', kind: 'winbind', directory: 'ad' }
const RADIUS = { name: 'hq', kind: 'radius', group: 'hq' }
const TACACS = { name: 'old', kind: 'tacacs', servers: ['tac'], secret: '0123456789abcdef' }

/** Which of the methods some user of the sources can be let in by. */
function verifiable(...sources: readonly { readonly name: string }[]): string[] {
  return ['pap', 'chap', 'mschap', 'mschapv2', 'eap-md5', 'eap-gtc', 'eap-mschapv2', 'eap-tls'].filter(
    (method) => checkMethods(served(sources, { outer: [method] })).length === 0,
  )
}

function served(sources: readonly { readonly name: string }[], methods: object): Configuration {
  return configurationSchema.parse({
    sources: [LDAP, ...sources.filter((source) => source !== LDAP)],
    realms: [{ name: 'home', default: true, sources: sources.map(({ name }) => name) }],
    rules: [{ name: 'vpn', methods, effect: 'accept' }],
  }) as Configuration
}

test('methods against kinds of sources', () => {
  assert.deepEqual(verifiable(LDAP), ['pap', 'eap-gtc', 'eap-tls'])
  assert.deepEqual(verifiable(WINBIND), ['pap', 'mschap', 'mschapv2', 'eap-gtc', 'eap-mschapv2', 'eap-tls'])
  assert.deepEqual(verifiable(TACACS), ['pap', 'chap', 'eap-md5', 'eap-gtc'])
  assert.deepEqual(verifiable(RADIUS), [
    ...['pap', 'chap', 'mschap', 'mschapv2', 'eap-md5', 'eap-gtc', 'eap-mschapv2'],
  ])
  assert.deepEqual(verifiable(LDAP, TACACS), ['pap', 'chap', 'eap-md5', 'eap-gtc', 'eap-tls'])
})

test('MS-CHAPv2 of a directory: why not, and what to use', () => {
  const [problem] = checkMethods(served([LDAP], { outer: ['mschapv2'] }))
  assert.equal(
    problem?.message,
    "No source can verify what this rule allows (mschapv2): source 'ad' asks LDAP, which can verify PAP and GTC only. " +
      'LDAP can verify PAP and GTC only; a PPTP tunnel would then be unencrypted: use winbind or RADIUS. ' +
      'Or allow a method that needs only the password: pap, eap-gtc, eap-tls.',
  )
})
