import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EN } from './catalogue/en.ts'
import { eapFailureReason } from './eap-failure.ts'
import { helpPages } from './help-page.ts'
import { definitionOf, isReasonCode, REASON_CODES, type Reason, reason, render } from './index.ts'
import { fill, namesIn } from './render.ts'
import { TLS_ALERTS, tlsAlertReason } from './tls-alerts.ts'

test('table and catalogue list the same codes', () => {
  assert.deepEqual([...REASON_CODES].sort(), Object.keys(EN).sort())
  assert.ok(REASON_CODES.length > 100)
  for (const code of REASON_CODES) assert.match(code, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
})

test('docs/errors holds exactly the generated pages (run reasons/node/write-help-pages.ts)', () => {
  const folder = join(import.meta.dirname, '../../../docs/errors')
  const pages = helpPages()
  assert.deepEqual(readdirSync(folder).sort(), [...pages.keys()].sort())
  for (const [name, text] of pages) assert.equal(readFileSync(join(folder, name), 'utf8'), text, name)
})

test('a sentence names only declared values, and optional ones only in brackets', () => {
  for (const code of REASON_CODES) {
    const { values } = definitionOf(code)
    for (const template of [EN[code].sentence, EN[code].nextStep]) {
      for (const name of namesIn(template)) assert.ok(name in values, `${code}: {${name}} is not declared`)
      for (const name of namesIn(template.replace(/\[[^\]]*\]/g, ''))) {
        assert.ok(
          !values[name]?.endsWith('?'),
          `${code}: {${name}} may be missing and stands outside brackets`,
        )
      }
    }
  }
})

test('every code says who does what, and reads well with all values and with none of the optional ones', () => {
  for (const code of REASON_CODES) {
    const { values } = definitionOf(code)
    const sample = (optional: boolean) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([, type]) => optional || !type.endsWith('?'))
          .map(([name, type]) => [
            name,
            type.startsWith('number') ? 3 : type.startsWith('texts') ? ['a', 'b'] : 'x',
          ]),
      )
    for (const optional of [true, false]) {
      const rendered = render({ code, values: sample(optional) } as Reason)
      for (const text of [rendered.sentence, rendered.nextStep]) {
        assert.match(text, /^\S.*[.]$/, `${code}: ${text}`)
        assert.doesNotMatch(text, /[{}[\]?]|undefined| {2}| \.|\.\.$/, `${code}: ${text}`)
      }
      assert.match(
        rendered.nextStep,
        /^(Nothing to do\.|(User|Help desk|Administrator|Network administrator|Caller)[:] )/,
        code,
      )
    }
  }
})

test('render fills values in and leaves out what is missing', () => {
  assert.equal(
    render(reason('wrong-password', { user: 'alice', failures: 1 })).sentence,
    'The password of "alice" is wrong (1 time in a row).',
  )
  // Local time, as tables print it.
  const until = new Date(2026, 0, 5, 9, 30).toISOString()
  assert.equal(
    render(reason('account-locked', { user: 'alice', failures: 10, until })).sentence,
    'The account "alice" is locked after 10 wrong passwords until 2026-01-05 09:30.',
  )
  assert.equal(
    render(reason('wrong-password', { user: 'alice', failures: 3, lockoutThreshold: 10 })).sentence,
    'The password of "alice" is wrong (3 times in a row); the account is locked at 10.',
  )
  assert.equal(
    render(reason('wrong-password', { user: 'alice' })).sentence,
    'The password of "alice" is wrong.',
  )
})

test('a value from the network cannot write a template, a new line or a page', () => {
  assert.equal(fill('{user}|{realm}', { user: '{realm}', realm: 'r' }), '{realm}|r')
  assert.equal(fill('{user}', { user: 'a\r\nACCEPT\u001b[2J' }), 'a\ufffd\ufffdACCEPT\ufffd[2J')
  assert.equal(fill('{user}', { user: '\u202eevil' }), '\ufffdevil')
  assert.equal(fill('{user}', { user: 'x'.repeat(5000) }).length, 201)
  assert.equal(fill('{user}[ {constructor}]', { user: 'a' }), 'a')
})

test('each TLS alert has a reason, found by number and by name in any spelling', () => {
  for (const [number, name] of Object.entries(TLS_ALERTS)) {
    assert.equal(tlsAlertReason(Number(number)), `tls-alert-${name}`)
    assert.equal(tlsAlertReason(name.replaceAll('-', '_')), `tls-alert-${name}`)
    assert.ok(isReasonCode(`tls-alert-${name}`))
  }
  assert.equal(tlsAlertReason(255), undefined)
  assert.equal(isReasonCode('toString'), false)
})

test('an EAP failure becomes its reason, with what was seen', () => {
  assert.deepEqual(eapFailureReason({ code: 'tls-alert-received', detail: { alert: 48 } }), {
    code: 'tls-alert-unknown-ca',
    values: { alert: '48' },
  })
  assert.equal(
    eapFailureReason({ code: 'tls-alert-received', detail: { alert: 250 } }).code,
    'tls-alert-received',
  )
  assert.deepEqual(eapFailureReason({ code: 'unexpected-packet', detail: { type: 13, length: 4 } }), {
    code: 'eap-unexpected-packet',
    values: { detail: 'type 13, length 4' },
  })
  for (const [code, expected] of [
    ['nak-to-forbidden-method', 'eap-nak-to-forbidden-method'],
    ['no-common-method', 'eap-no-common-method'],
  ] as const) {
    assert.deepEqual(eapFailureReason({ code, detail: { offered: '13,25', wanted: '52' } }), {
      code: expected,
      values: { offered: 'eap-tls, peap', wanted: 'type 52', inside: undefined },
    })
  }
  for (const [error, code] of [
    ['unsupported_protocol', 'tls-no-common-version'],
    ['no_shared_cipher', 'tls-no-common-cipher'],
    ['decode_error', 'tls-handshake-failed'],
  ] as const) {
    const told = eapFailureReason({ code: 'tls-handshake-failed', detail: { error } })
    assert.deepEqual(told, { code, values: { error } })
  }
  assert.equal(eapFailureReason({ code: 'internal' }).code, 'internal-error')
})
