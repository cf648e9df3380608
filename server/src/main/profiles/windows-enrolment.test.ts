import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { enrolmentSchema } from '../../config/sections/enrolment.ts'
import { withWindowsEnrolment } from './windows-enrolment.ts'

const installed = { kind: 'installed' } as const
const enrolmentOf = (windows: object, httpsUrl: string | undefined = 'https://ca.example.org') => ({
  enrolment: enrolmentSchema.parse({ windows, ...(httpsUrl !== undefined && { httpsUrl }) }),
})

describe('withWindowsEnrolment', () => {
  const connection = { certificateTemplate: 'User' }

  it('ok/kerberos-before-password', () => {
    assert.deepEqual(withWindowsEnrolment(installed, enrolmentOf({ kerberos: {} }), connection), {
      kind: 'installed',
      windowsEnrolment: {
        policyUrl: 'https://ca.example.org/ADPolicyProvider_CEP_Kerberos/service.svc/CEP',
        template: 'User',
        authentication: 'kerberos',
      },
    })
    const byPassword = withWindowsEnrolment(installed, enrolmentOf({}), connection)
    assert.match(JSON.stringify(byPassword), /CEP_UsernamePassword.*"password"/)
  })

  it('fail/nowhere-to-ask', () => {
    for (const [enrolment, asked] of [
      [enrolmentOf({ enabled: false }), connection],
      [enrolmentOf({ password: false }), connection],
      [enrolmentOf({}), {}],
      [{ enrolment: enrolmentSchema.parse({}) }, connection],
    ] as const)
      assert.deepEqual(withWindowsEnrolment(installed, enrolment, asked), installed)
  })

  it('ok/others-stay', () => {
    const acme = { kind: 'acme', directoryUrl: 'https://ca.example.org/acme', clientIdentifier: 'x' } as const
    assert.equal(withWindowsEnrolment(acme, enrolmentOf({}), connection), acme)
    assert.equal(withWindowsEnrolment(undefined, enrolmentOf({}), connection), undefined)
  })
})
