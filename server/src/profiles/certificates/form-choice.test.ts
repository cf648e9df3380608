import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ChoiceInput, chooseForm } from './form-choice.ts'

const choose = (different: Partial<ChoiceInput>) =>
  chooseForm({
    wish: undefined,
    output: { title: 'A file', certificates: ['acme', 'scep', 'pkcs12'] },
    isNeeded: true,
    hasPerson: true,
    obstacle: () => undefined,
    ...different,
  })

const offersOnly = (offered: string) => (form: string) => (form === offered ? undefined : 'it is off')

test('ok/the first form of the output that is offered, and why not a better one', () => {
  assert.deepEqual(choose({}), { kind: 'form', form: 'acme', passedOver: [] })
  assert.deepEqual(choose({ obstacle: offersOnly('pkcs12') }), {
    kind: 'form',
    form: 'pkcs12',
    passedOver: ['acme: it is off', 'scep: it is off'],
  })
})

test('ok/what is asked for wins, and none is possible', () => {
  assert.deepEqual(choose({ wish: 'pkcs12' }), { kind: 'form', form: 'pkcs12', passedOver: [] })
  assert.deepEqual(choose({ wish: 'none' }), { kind: 'none' })
  assert.deepEqual(choose({ wish: 'installed', hasPerson: false }), {
    ...{ kind: 'form', form: 'installed' },
    passedOver: [],
  })
})

test('ok/none where nobody needs one or nobody is named', () => {
  assert.deepEqual(choose({ isNeeded: false }), { kind: 'none' })
  assert.deepEqual(choose({ hasPerson: false }), { kind: 'none' })
})

test('ok/an output that brings none relies on what is installed; one that says so may fall back on it', () => {
  const bringsNone = { title: 'A file', certificates: [] }
  assert.deepEqual(choose({ output: bringsNone }), { kind: 'form', form: 'installed', passedOver: [] })
  const fallsBack = { title: 'A file', certificates: ['est', 'installed'] as const }
  assert.deepEqual(choose({ output: fallsBack, obstacle: offersOnly('acme') }), {
    ...{ kind: 'form', form: 'installed' },
    passedOver: ['est: it is off'],
  })
})

test('fail/nothing is left out in silence: no form, no person, no need, a form the output cannot bring', () => {
  const kindOf = (different: Partial<ChoiceInput>) => choose(different).kind
  assert.equal(kindOf({ obstacle: () => 'it is off' }), 'not-offered')
  assert.equal(kindOf({ wish: 'scep', obstacle: () => 'it is off' }), 'not-offered')
  assert.equal(kindOf({ wish: 'scep', hasPerson: false }), 'not-offered')
  assert.equal(kindOf({ wish: 'scep', isNeeded: false }), 'not-offered')
  assert.equal(kindOf({ wish: 'est' }), 'not-offered')
})
