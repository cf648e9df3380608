import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exampleVpn } from '../testing/example-input.ts'
import { espProposal, ikeProposal } from './strongswan-proposals.ts'

const cryptography = (written: object) => exampleVpn({ cryptography: written }).connection.cryptography

describe('proposals of strongSwan', () => {
  it('ok/cbc-with-its-hash', () => assert.equal(ikeProposal(cryptography({})), 'aes256-sha256-ecp256'))
  it('ok/gcm-with-a-prf', () => {
    const ike = { encryption: 'aes256gcm', integrity: 'sha384', dhGroup: 'ecp384' }
    assert.equal(ikeProposal(cryptography({ ike })), 'aes256gcm16-prfsha384-ecp384')
  })
  it('ok/esp-gcm-has-no-hash', () => assert.equal(espProposal(cryptography({})), 'aes256gcm16-ecp256'))
  it('ok/esp-cbc-without-pfs', () => {
    const esp = { encryption: 'aes128', integrity: 'sha256', pfsGroup: 'none' }
    assert.equal(espProposal(cryptography({ esp })), 'aes128-sha256')
  })
})
