import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DH_GROUPS, INTEGRITIES } from '../../config/sections/connections/vpn.ts'
import { espProposal, ikeProposal } from '../linux/strongswan-proposals.ts'
import { exampleVpn } from '../testing/example-input.ts'
import type { PlistDict } from './plist.ts'
import { suiteKeys, unknownCiphers } from './suites.ts'

/** Apple's words in those of strongSwan, by transform: IANA's IKEv2 registry has a number for each. */
const TRANSFORMS: Readonly<Record<string, string>> = {
  'AES-128': 'aes128',
  'AES-256': 'aes256',
  'AES-128-GCM': 'aes128gcm16',
  'AES-256-GCM': 'aes256gcm16',
  'SHA2-256': 'sha256',
  'SHA2-384': 'sha384',
  14: 'modp2048',
  19: 'ecp256',
  20: 'ecp384',
}

/** What a device with this dictionary proposes. A combined cipher has no integrity: in IKE the word names the PRF. */
function proposal(association: PlistDict, isIke: boolean, withGroup: boolean): string {
  const word = (key: string) =>
    TRANSFORMS[String(association[key])] ?? assert.fail(`${key} ${String(association[key])}`)
  const cipher = word('EncryptionAlgorithm')
  const integrity = word('IntegrityAlgorithm')
  const isCombined = cipher.endsWith('gcm16')
  const check = isIke ? [isCombined ? `prf${integrity}` : integrity] : isCombined ? [] : [integrity]
  return [cipher, ...check, ...(withGroup ? [word('DiffieHellmanGroup')] : [])].join('-')
}

const CIPHERS = ['aes128', 'aes256', 'aes128gcm', 'aes256gcm'] as const

describe('suiteKeys', () => {
  it('ok/every-suite-is-the-one-the-gateway-is-told', () => {
    for (const encryption of CIPHERS) {
      for (const integrity of INTEGRITIES) {
        for (const dhGroup of DH_GROUPS) {
          for (const pfsGroup of ['none', dhGroup] as const) {
            const written = {
              ike: { encryption, integrity, dhGroup },
              esp: { encryption, integrity, pfsGroup },
            }
            const { cryptography } = exampleVpn({ cryptography: written }).connection
            const keys = suiteKeys(cryptography)
            assert.deepEqual(unknownCiphers(cryptography), [])
            const ike = keys.IKESecurityAssociationParameters as PlistDict
            const child = keys.ChildSecurityAssociationParameters as PlistDict
            assert.equal(proposal(ike, true, true), ikeProposal(cryptography))
            assert.equal(proposal(child, false, keys.EnablePFS === 1), espProposal(cryptography))
          }
        }
      }
    }
  })

  it('fail/a-cipher-apple-has-no-word-for', () => {
    const written = { ike: { encryption: 'aes192' }, esp: { encryption: 'aes192' } }
    assert.deepEqual(unknownCiphers(exampleVpn({ cryptography: written }).connection.cryptography), [
      'aes192',
      'aes192',
    ])
  })
})
