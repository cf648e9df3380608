import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EapType } from '@sallyport/eap'
import { methodsByCertificate, ServerCertificateChoice } from './server-certificate-choice.ts'

const entry = (name: string, clients: string[] = [], realms: string[] = []) => ({
  ...{ name, clients, realms },
  certificates: [],
})
const realmOf = (identity: string) => /@(.+)$/.exec(identity)?.[1]

describe('which server certificate is shown', () => {
  const choice = new ServerCertificateChoice(
    [
      entry('everybody'),
      entry('gateway of partners', ['vpn-1'], ['partner.test']),
      entry('gateway', ['vpn-1', 'vpn-2']),
      entry('partners', [], ['partner.test']),
    ],
    realmOf,
  )

  it('ok/by client and realm: the first that fits, wherever the one for everybody stands', () => {
    assert.equal(choice.choose('vpn-1', 'a@partner.test'), 'gateway of partners')
    assert.equal(choice.choose('vpn-1', 'a@corp.test'), 'gateway')
    assert.equal(choice.choose('vpn-2', 'a@partner.test'), 'gateway')
    assert.equal(choice.choose('wlan', 'a@partner.test'), 'partners')
    assert.equal(choice.choose('wlan', 'a@corp.test'), 'everybody')
  })

  it('ok/an identity of no realm gets what is for everybody', () => {
    assert.equal(choice.choose('wlan', 'anonymous'), 'everybody')
    assert.equal(choice.choose('wlan', ''), 'everybody')
  })

  it('fail/without one for everybody', () => {
    assert.throws(() => new ServerCertificateChoice([entry('x', ['vpn-1'])], realmOf), TypeError)
  })
})

describe('methods by certificate', () => {
  const method = {
    begin: () => ({ kind: 'unavailable' }) as const,
    respond: () => ({ kind: 'unavailable' }) as const,
  }
  const factory = (type: number) => () => ({ ...method, type, close: () => {} })
  const sets = new Map([
    ['one', new Map([[EapType.Tls, factory(1)]])],
    ['two', new Map([[EapType.Tls, factory(2)]])],
  ])
  const methods = methodsByCertificate(sets, (scope) => String(scope))
  const made = (scope: unknown) =>
    methods.get(EapType.Tls)?.({ identity: '', identifier: () => 0, mtu: 1400, scope }).type

  it('ok/each conversation gets the methods of its own certificate', () => {
    assert.deepEqual([made('one'), made('two')], [1, 2])
  })

  it('fail/a conversation whose certificate is not there gets none, not another one', () => {
    assert.throws(() => made('three'), TypeError)
  })
})
