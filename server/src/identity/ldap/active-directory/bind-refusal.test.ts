import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bindData, refusedBind, serviceBindProblem } from './bind-refusal.ts'

function refusal(data: string, code = 49) {
  const message = `80090308: LdapErr: DSID-0C090449, comment: AcceptSecurityContext error, data ${data}, v3839\0`
  return { kind: 'refused', code, message, server: 'ldaps://dc1' } as const
}

test('ok/each code of Active Directory is an outcome of its own', () => {
  const codes: [string, string][] = [
    ['525', 'not-found'],
    ['52e', 'wrong-password'],
    ['530', 'outside-logon-hours'],
    ['531', 'workstation-denied'],
    ['532', 'password-expired'],
    ['533', 'disabled'],
    ['701', 'account-expired'],
    ['773', 'must-change-password'],
    ['775', 'locked'],
    ['57', 'wrong-password'],
    ['52eX', 'wrong-password'],
  ]
  for (const [data, kind] of codes) assert.equal(refusedBind(refusal(data), undefined).kind, kind, data)
  assert.equal(refusedBind({ ...refusal(''), message: '' }, undefined).kind, 'wrong-password')
  assert.equal(bindData('52e'), undefined)
})

test('fail/a result that is not about the password never says it is wrong', () => {
  for (const code of [1, 8, 34, 51, 52, 53]) {
    assert.equal(refusedBind(refusal('52e', code), undefined).kind, 'unavailable', String(code))
  }
})

test('ok/the service account: what is wrong and what to do', () => {
  assert.match(
    serviceBindProblem(refusal('52e'), 'svc') ?? '',
    /check bindPassword, and bindDn "svc" must be/,
  )
  assert.match(serviceBindProblem(refusal('532'), 'CN=svc') ?? '', /has expired: correct the service account/)
  assert.match(serviceBindProblem(refusal('', 34), 'svc') ?? '', /user@domain or DOMAIN\\user/)
  assert.equal(serviceBindProblem(refusal('', 8), 'svc'), undefined)
})
