import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { planConfiguration } from './planner.ts'
import { type Configuration, configurationSchema } from './schema.ts'

type Input = Parameters<typeof configurationSchema.parse>[0]

function configuration(input: Input): Configuration {
  // Secrets in these inputs are plain text, as a Configuration has them.
  return configurationSchema.parse(input) as Configuration
}

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 })
const secret = fc.constantFrom('0123456789abcdef', 'fedcba9876543210')

const anyConfiguration: fc.Arbitrary<Configuration> = fc
  .record({
    clients: names.chain((list) =>
      fc.tuple(
        ...list.map((name) =>
          fc.record({ name: fc.constant(name), address: fc.ipV4(), secret, enabled: fc.boolean() }),
        ),
      ),
    ),
    profiles: names.chain((list) =>
      fc.tuple(
        ...list.map((name) => fc.record({ name: fc.constant(name), vlan: fc.integer({ min: 1, max: 3 }) })),
      ),
    ),
    rules: names.chain((list) =>
      fc.tuple(
        ...list.map((name) =>
          fc.record({ name: fc.constant(name), effect: fc.constantFrom('accept', 'reject') }),
        ),
      ),
    ),
    settings: fc.record({ timeZone: fc.constantFrom('UTC', 'Europe/Berlin') }),
  })
  .map(configuration)

const byName = (objects: readonly { name: string }[]) =>
  Object.fromEntries(objects.map((object) => [object.name, object]))

describe('planConfiguration', () => {
  it('finds no change in what is there already', () => {
    fc.assert(
      fc.property(anyConfiguration, fc.boolean(), (current, prune) => {
        const { next, changes } = planConfiguration(current, current, { prune })
        assert.deepEqual(next, current)
        assert.deepEqual(
          changes.filter((change) => change.action !== 'unchanged'),
          [],
        )
      }),
    )
  })

  it('with prune makes the document come true, whatever was there', () => {
    fc.assert(
      fc.property(anyConfiguration, anyConfiguration, (current, wanted) => {
        assert.deepEqual(planConfiguration(current, wanted, { prune: true }).next, wanted)
      }),
    )
  })

  it('without prune takes every object of the document and keeps every other', () => {
    fc.assert(
      fc.property(anyConfiguration, anyConfiguration, (current, wanted) => {
        const { next, changes } = planConfiguration(current, wanted, { prune: false })
        for (const section of ['clients', 'profiles', 'rules'] as const) {
          assert.deepEqual(byName(next[section]), { ...byName(current[section]), ...byName(wanted[section]) })
        }
        assert.ok(changes.every((change) => change.action !== 'delete'))
        const order = next.rules.map((rule) => rule.name).filter((name) => name in byName(wanted.rules))
        assert.deepEqual(
          order,
          wanted.rules.map((rule) => rule.name),
          'the document lost its order of rules',
        )
      }),
    )
  })

  it('comes to rest: planning the same document again changes nothing', () => {
    fc.assert(
      fc.property(anyConfiguration, anyConfiguration, fc.boolean(), (current, wanted, prune) => {
        const once = planConfiguration(current, wanted, { prune }).next
        const again = planConfiguration(once, wanted, { prune })
        assert.deepEqual(again.next, once)
        assert.deepEqual(
          again.changes.filter((change) => change.action !== 'unchanged'),
          [],
        )
      }),
    )
  })

  it('names the fields that differ and masks secrets', () => {
    const before = configuration({
      clients: [{ name: 'vpn', address: '192.0.2.1', secret: 'old-secret-0123456789' }],
      profiles: [{ name: 'p', vlan: 1 }],
    })
    const after = configuration({
      clients: [
        {
          name: 'vpn',
          address: '192.0.2.2',
          secret: 'new-secret-0123456789',
          newSecret: 'third-secret-0123456',
        },
      ],
      profiles: [{ name: 'p', filterId: 'staff' }],
    })
    const { changes } = planConfiguration(
      before,
      { clients: after.clients, profiles: after.profiles },
      { prune: false },
    )
    assert.deepEqual(changes, [
      {
        section: 'clients',
        name: 'vpn',
        action: 'change',
        fields: [
          { path: 'address', before: '192.0.2.1', after: '192.0.2.2' },
          { path: 'secret', before: '***', after: '***' },
          { path: 'newSecret', after: '***' },
        ],
      },
      {
        section: 'profiles',
        name: 'p',
        action: 'change',
        fields: [
          { path: 'vlan', before: 1 },
          { path: 'filterId', after: 'staff' },
        ],
      },
    ])
  })

  it('leaves an unnamed rule behind the rule it stood behind, and shows a changed order', () => {
    const rules = (...list: string[]) =>
      configuration({ rules: list.map((name) => ({ name, effect: 'accept' })) }).rules
    const current = { ...configuration({}), rules: rules('deny', 'staff', 'guests') }
    const plan = (...list: string[]) => {
      const { next, changes } = planConfiguration(current, { rules: rules(...list) }, { prune: false })
      return {
        order: next.rules.map((rule) => rule.name),
        moved: changes.some((change) => change.name === 'order'),
      }
    }
    assert.deepEqual(plan('new'), { order: ['deny', 'staff', 'guests', 'new'], moved: false })
    assert.deepEqual(plan('guests', 'new'), { order: ['deny', 'staff', 'guests', 'new'], moved: false })
    assert.deepEqual(plan('guests', 'staff'), { order: ['deny', 'guests', 'staff'], moved: true })
    assert.deepEqual(plan('staff', 'new', 'guests'), {
      order: ['deny', 'staff', 'new', 'guests'],
      moved: false,
    })
  })
})
