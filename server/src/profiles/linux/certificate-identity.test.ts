import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { exampleVpn } from '../testing/example-input.ts'
import { certificateIdentity } from './certificate-identity.ts'
import { ownContainer } from './test/own-container.ts'

/** Made by openssl once: UPN alice@lab.test, then the e-mail address alice.example@example.org. */
const TWO_NAMES = `-----BEGIN CERTIFICATE-----
MIIBvjCCAWOgAwIBAgIUHkXS5MX5Ng33VzavOYnjEfictgkwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHc2V2ZXJhbDAgFw0yNjExMjIxNDQyNTdaGA8yMDUxMDcxNDE0
NDI1N1owEjEQMA4GA1UEAwwHc2V2ZXJhbDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABDScRXc3GWtZrPYlXv4RxzsyJOlNGgM3aCBmCD+gY4ssQOY4/KU8JGgak1UP
cYb9mXDYlfQTKMt5IzGxbhLgR6+jgZQwgZEwHQYDVR0OBBYEFLXLcYYj66NNmkSK
c8kFH2gtXs2PMB8GA1UdIwQYMBaAFLXLcYYj66NNmkSKc8kFH2gtXs2PMEQGA1Ud
EQQ9MDugHgYKKwYBBAGCNxQCA6AQDA5hbGljZUBsYWIudGVzdIEZYWxpY2UuZXhh
bXBsZUBleGFtcGxlLm9yZzAJBgNVHRMEAjAAMAoGCCqGSM49BAMCA0kAMEYCIQDI
83mI60qsdY7WdFDKKQ/YsGak+0h22ZMmApffKGCSzgIhAJLEC9qNiDEH5NPvVvXz
Gd/wizQqOAwaUQYLhIyMNQwY
-----END CERTIFICATE-----
`
const certificate = {
  ...ownContainer(),
  certificate: parseCertificate(derOrPem('CERTIFICATE', TWO_NAMES)),
}
const installed = { kind: 'installed' } as const

describe('certificateIdentity', () => {
  const nobody = exampleVpn({}, { certificate: installed })
  const of = (userName: string, upn?: string, own: typeof certificate | typeof installed = certificate) =>
    certificateIdentity({
      ...nobody,
      person: { userName, ...(upn !== undefined && { upn }) },
      certificate: own,
    })

  it('ok/of-a-certificate-that-is-elsewhere-the-upn', () =>
    assert.equal(of('alice', 'alice@example.org', installed), 'alice@example.org'))
  it('ok/or-the-user-name', () => assert.equal(of('alice', undefined, installed), 'alice'))
  it('ok/nobody', () => assert.equal(certificateIdentity(nobody), undefined))
  it('ok/upn-where-it-stands-in-it', () =>
    assert.equal(of('alice', 'alice.example@example.org'), 'alice.example@example.org'))
  it('ok/user-name-where-it-stands-in-it', () =>
    assert.equal(of('alice.example@example.org', 'elsewhere@example.org'), 'alice.example@example.org'))
  it('fail/a-name-that-does-not-stand-in-it-is-not-said', () =>
    assert.equal(of('bob', 'bob@lab.test'), 'alice@lab.test'))
})
