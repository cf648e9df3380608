import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { exampleVpn } from '../testing/example-input.ts'
import { onDemandRules } from './on-demand.ts'

interface Parameters {
  readonly Domains: readonly string[]
  readonly DomainAction: string
}
interface Rule {
  readonly Action: string
  readonly DNSDomainMatch?: readonly string[]
  readonly ActionParameters?: readonly Parameters[]
}

const rulesOf = (written: Record<string, unknown>) =>
  onDemandRules(exampleVpn(written).connection) as readonly Rule[] | undefined // what the schema says of them

/** As a device goes through them: the first rule that matches the network, then the first that matches the name. */
function device(rules: readonly Rule[] = [], searchDomains: readonly string[], name: string): string {
  const rule = rules.find(
    ({ DNSDomainMatch }) =>
      DNSDomainMatch === undefined || DNSDomainMatch.some((one) => searchDomains.includes(one)),
  )
  if (rule?.Action !== 'EvaluateConnection') return rule?.Action ?? 'nothing'
  const isBelow = (domain: string) => name === domain || name.endsWith(`.${domain}`)
  return rule.ActionParameters?.find(({ Domains }) => Domains.some(isBelow))?.DomainAction ?? 'nothing'
}

describe('onDemandRules', () => {
  it('ok/by-hand-alone', () => assert.equal(rulesOf({}), undefined))

  it('ok/trusted-network-before-always-on', () => {
    const rules = rulesOf({ alwaysOn: true, trustedNetworks: ['corp.example'] })
    assert.equal(device(rules, ['corp.example'], 'x'), 'Disconnect')
    assert.equal(device(rules, ['hotel.example', 'corp.example'], 'x'), 'Disconnect')
    assert.equal(device(rules, ['hotel.example'], 'x'), 'Connect')
    assert.equal(device(rules, [], 'x'), 'Connect')
  })

  it('ok/trusted-network-alone-leaves-other-networks-to-the-person', () => {
    const rules = rulesOf({ trustedNetworks: ['corp.example'] })
    assert.equal(device(rules, ['corp.example'], 'x'), 'Disconnect')
    assert.equal(device(rules, [], 'x'), 'Ignore')
  })

  it('ok/names-in-a-trusted-network-bring-nothing-up', () => {
    const rules = rulesOf({
      trustedNetworks: ['corp.example'],
      dns: { rules: [{ suffix: '.corp.example', autoTrigger: true }] },
    })
    assert.equal(device(rules, ['corp.example'], 'files.corp.example'), 'Disconnect')
    assert.equal(device(rules, [], 'files.corp.example'), 'ConnectIfNeeded')
    assert.equal(device(rules, [], 'example.com'), 'nothing')
  })

  it('ok/the-longest-suffix-decides-whatever-the-order', () => {
    const label = fc.constantFrom('a', 'b', 'c')
    const suffix = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `.${labels.join('.')}`)
    const rule = fc.record({ suffix, autoTrigger: fc.boolean() })
    const some = fc.uniqueArray(rule, { selector: ({ suffix: one }) => one, minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(some, fc.array(label, { minLength: 1, maxLength: 4 }), (rules, labels) => {
        fc.pre(rules.some(({ autoTrigger }) => autoTrigger))
        const name = `x.${labels.join('.')}`
        const best = rules
          .filter((one) => name.endsWith(one.suffix))
          .reduce<(typeof rules)[number] | undefined>(
            (longest, one) => ((longest?.suffix.length ?? 0) > one.suffix.length ? longest : one),
            undefined,
          )
        const wanted = best === undefined ? 'nothing' : best.autoTrigger ? 'ConnectIfNeeded' : 'NeverConnect'
        assert.equal(device(rulesOf({ dns: { rules } }), [], name), wanted)
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})
