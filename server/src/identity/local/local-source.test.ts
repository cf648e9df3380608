import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import { encryptPasswords, generateNtResponse, ntPasswordHash } from '@sallyport/mschap'
import { PASSWORD_STORAGES, type PasswordStorage } from '../../config/schema.ts'
import type { PasswordChange, Proof } from '../source.ts'
import type { StoredUser } from './stored-user.ts'
import { buildHouse, type House, LOCKOUT, passwordProof } from './test/house.ts'

const DAY = 24 * 60 * 60 * 1000
const certificate = { form: 'certificate', fingerprint: 'aa' } as const

/** RFC 2759 section 9.2: user name `User`, password `clientPass`. */
const rfc2759 = {
  form: 'mschapv2',
  authenticatorChallenge: fromHex('5B5D7C7D7B3F2F3E3C2C602132262628'),
  peerChallenge: fromHex('21402324255E262A28295F2B3A337C7E'),
  ntResponse: fromHex('82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF'),
  userName: 'User',
} as const
/** RFC 2433 appendix B.2: password `MyPw`. */
const rfc2433 = {
  form: 'mschap',
  challenge: fromHex('102DB5DF085D3041'),
  ntResponse: fromHex('4E9D3C8F9CFD385D5BF4D3246791956CA4C351AB409A3D61'),
} as const

function chap(password: string): Proof {
  const challenge = Buffer.from('0123456789abcdef')
  const response = createHash('md5')
    .update(Buffer.from([7]))
    .update(password)
    .update(challenge)
    .digest()
  return { form: 'chap', id: 7, challenge, response }
}

async function kindOf(house: House, user: string, proof: Proof): Promise<string> {
  return (await house.source.authenticate(user, proof)).kind
}

describe('forms of proof against forms of storage', () => {
  const supported: Readonly<Record<PasswordStorage, readonly Proof['form'][]>> = {
    reversible: ['password', 'chap', 'mschap', 'mschapv2'],
    'nt-hash': ['password', 'mschap', 'mschapv2'],
    argon2id: ['password'],
  }
  for (const storage of PASSWORD_STORAGES) {
    it(`${storage}: accepts the right proof, refuses the wrong one, names what it cannot check`, async () => {
      const house = await buildHouse({ lockout: { ...LOCKOUT, threshold: 0 } })
      await house.add('User', 'clientPass', { storage })
      await house.add('v1', 'MyPw', { storage })
      const cases: readonly (readonly [string, Proof, string, Proof])[] = [
        ['User', passwordProof('clientPass'), 'v1', passwordProof('clientPass')],
        ['User', chap('clientPass'), 'v1', chap('clientPass')],
        ['v1', rfc2433, 'User', rfc2433],
        ['User', rfc2759, 'v1', rfc2759],
      ]
      for (const [user, right, other, wrong] of cases) {
        const expected = supported[storage].includes(right.form)
        const outcome = await house.source.authenticate(user, right)
        if (!expected) {
          assert.deepEqual(outcome, { kind: 'form-unsupported', form: right.form, storage })
          continue
        }
        assert.equal(outcome.kind, 'authenticated', right.form)
        assert.equal(await kindOf(house, other, wrong), 'wrong-password', right.form)
      }
    })
  }

  it('hands over what keys need: the hash of RFC 2759 section 9.2 and the name that was hashed', async () => {
    const house = await buildHouse()
    await house.add('User', 'clientPass')
    const outcome = await house.source.authenticate('USER', rfc2759)
    assert.equal(outcome.kind, 'authenticated')
    if (outcome.kind !== 'authenticated' || outcome.ntHashHash === undefined) return assert.fail()
    assert.equal(toHex(outcome.ntHashHash), '41c00c584bd2d91c4017a2a12fa59f3f')
    assert.equal(outcome.hashedUserName, 'User')
    assert.deepEqual(outcome.user, {
      id: 'id-User',
      name: 'User',
      source: 'local',
      kind: 'person',
      groups: ['Staff'],
      attributes: {},
    })
  })

  it('takes the whole password: neither its beginning nor more than it', async () => {
    const house = await buildHouse({ lockout: { ...LOCKOUT, threshold: 0 } })
    for (const storage of PASSWORD_STORAGES) {
      await house.add(storage, 'secret', { storage })
      for (const guess of ['secre', 'secretX', 'secret\0', 'Secret', 'secret ']) {
        assert.equal(
          await kindOf(house, storage, passwordProof(guess)),
          'wrong-password',
          `${storage} ${guess}`,
        )
      }
    }
  })

  it('takes a password in either Unicode composition, octets that are no UTF-8 match nothing', async () => {
    const house = await buildHouse()
    for (const storage of PASSWORD_STORAGES) {
      await house.add(storage, 'gr\u00fc\u00dfe', { storage })
      assert.equal(await kindOf(house, storage, passwordProof('gru\u0308\u00dfe')), 'authenticated')
      const garbage = { form: 'password', password: fromHex('6772fc df65') } as const
      assert.equal(await kindOf(house, storage, garbage), 'wrong-password')
    }
  })
})

describe('blank passwords', () => {
  it('are refused before anything is looked up', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    for (const blank of ['', ' ', '\0\0', ' \t\n', '\u00a0\u2003']) {
      assert.equal(await kindOf(house, 'alice', passwordProof(blank)), 'empty-password')
      assert.equal(await kindOf(house, 'nobody', passwordProof(blank)), 'empty-password')
    }
  })

  it('never match even where a blank verifier is stored', async () => {
    const house = await buildHouse()
    const challenge = new Uint8Array(8)
    for (const storage of ['reversible', 'nt-hash'] as const) {
      const text = storage === 'reversible' ? '' : toHex(ntPasswordHash(''))
      const sealed = house.sealer.seal(text, `users/id-${storage}/password/${storage}`)
      await house.add(storage, undefined, { password: { storage, sealed, changedAt: 0 } })
      const { challengeResponse } = await import('@sallyport/mschap')
      const ntResponse = challengeResponse(challenge, ntPasswordHash(''))
      assert.equal(await kindOf(house, storage, { form: 'mschap', challenge, ntResponse }), 'unavailable')
    }
  })
})

describe('account states', () => {
  const now = Date.parse('2026-01-05T09:00:00Z') // a Monday; 10:00 in Berlin
  const states: readonly (readonly [string, Partial<StoredUser>, string, string])[] = [
    // what is set, fields, outcome by password, outcome by certificate
    ['nothing', {}, 'authenticated', 'authenticated'],
    ['disabled', { disabled: true }, 'disabled', 'disabled'],
    ['expired', { expiresAt: now }, 'account-expired', 'account-expired'],
    ['expires later', { expiresAt: now + 1 }, 'authenticated', 'authenticated'],
    ['must change', { mustChangePassword: true }, 'must-change-password', 'authenticated'],
    ['in hours', { logonHours: ['Mon-Fri 10:00-12:00'] }, 'authenticated', 'authenticated'],
    ['out of hours', { logonHours: ['Mon-Fri 07:00-10:00'] }, 'outside-logon-hours', 'outside-logon-hours'],
    ['no hours at all', { logonHours: [] }, 'outside-logon-hours', 'outside-logon-hours'],
    ['unreadable hours', { logonHours: ['whenever'] }, 'outside-logon-hours', 'outside-logon-hours'],
    ['locked', { lockedUntil: now + 1, failures: 3 }, 'locked', 'authenticated'],
    ['lock over', { lockedUntil: now, failures: 3 }, 'authenticated', 'authenticated'],
    ['disabled and expired', { disabled: true, expiresAt: now }, 'disabled', 'disabled'],
    [
      'out of hours and must change',
      { logonHours: [], mustChangePassword: true },
      'outside-logon-hours',
      'outside-logon-hours',
    ],
  ]
  for (const [name, fields, byPassword, byCertificate] of states) {
    it(`${name}: ${byPassword} by password, ${byCertificate} by certificate`, async () => {
      const house = await buildHouse()
      await house.add('alice', 'secret', fields)
      const at = house.clock.now()
      assert.equal(await kindOf(house, 'alice', passwordProof('secret')), byPassword)
      assert.equal(await kindOf(house, 'alice', certificate), byCertificate)
      assert.equal(house.source.resolve('alice', { by: 'password', at }).kind, byPassword)
      assert.equal(house.source.resolve('alice', { by: 'certificate', at }).kind, byCertificate)
      if (byPassword !== 'locked') {
        assert.equal(await kindOf(house, 'alice', passwordProof('guess')), 'wrong-password')
      }
    })
  }

  it('passwords age where the source says so, and the account does not say otherwise', async () => {
    const house = await buildHouse({ passwordMaximumAgeDays: 90 })
    await house.add('alice', 'secret')
    await house.add('robot', 'secret', { passwordNeverExpires: true })
    house.clock.advance(90 * DAY - 1)
    assert.equal(await kindOf(house, 'alice', passwordProof('secret')), 'authenticated')
    house.clock.advance(1)
    assert.deepEqual(await house.source.authenticate('alice', passwordProof('secret')), {
      kind: 'password-expired',
      since: '2026-04-05T09:00:00.000Z',
    })
    assert.equal(await kindOf(house, 'alice', certificate), 'authenticated')
    assert.equal(await kindOf(house, 'robot', passwordProof('secret')), 'authenticated')
  })

  it('a resumed session ends with the password it proved', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    const provedAt = house.clock.now() - 1
    assert.equal(house.source.resolve('alice', { by: 'password', at: provedAt }).kind, 'password-changed')
    assert.equal(house.source.resolve('alice', { by: 'certificate', at: provedAt }).kind, 'authenticated')
    assert.equal(house.source.resolve('nobody', { by: 'password', at: provedAt }).kind, 'not-found')
  })

  it('a certificate issued to a former account of the name lets nobody in', async () => {
    const house = await buildHouse()
    await house.add('alice', undefined)
    const issuedTo = (holder: string): Proof => ({ ...certificate, holder })
    assert.equal(await kindOf(house, 'alice', issuedTo('id-former')), 'other-holder')
    assert.equal(await kindOf(house, 'alice', issuedTo('id-alice')), 'authenticated')
    assert.equal(await kindOf(house, 'nobody', issuedTo('id-former')), 'not-found')
  })

  it('an account without password lets no password in', async () => {
    const house = await buildHouse()
    await house.add('alice', undefined)
    assert.equal(await kindOf(house, 'alice', passwordProof('secret')), 'no-password')
    assert.equal(await kindOf(house, 'alice', rfc2759), 'no-password')
    assert.equal(await kindOf(house, 'alice', certificate), 'authenticated')
  })
})

describe('stored verifiers', () => {
  it('open in their own row only, also once they are cached', async () => {
    const house = await buildHouse()
    const alice = await house.add('alice', 'secret')
    assert.equal(await kindOf(house, 'alice', passwordProof('secret')), 'authenticated')
    assert.ok(alice.password)
    await house.add('mallory', undefined, { password: alice.password })
    assert.throws(() => house.source.authenticate('mallory', passwordProof('secret')), /altered or moved/)
  })

  it('that are damaged let nobody in and blame nobody', async () => {
    const house = await buildHouse()
    const sealed = house.sealer.seal('no hash', 'users/id-alice/password/nt-hash')
    await house.add('alice', undefined, { password: { storage: 'nt-hash', sealed, changedAt: 0 } })
    assert.equal(await kindOf(house, 'alice', passwordProof('no hash')), 'unavailable')
    assert.equal(house.lockoutStore.batches.length, 0)
  })

  it('take no promise unless they are argon2id', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret')
    assert.ok(!(house.source.authenticate('alice', passwordProof('secret')) instanceof Promise))
  })
})

describe('change password (RFC 2759 section 7)', () => {
  const challenges = {
    authenticatorChallenge: fromHex('5B5D7C7D7B3F2F3E3C2C602132262628'),
    peerChallenge: fromHex('21402324255E262A28295F2B3A337C7E'),
  }

  function changeOf(oldPassword: string, newPassword: string, response = newPassword): PasswordChange {
    const encrypted = encryptPasswords(newPassword, ntPasswordHash(oldPassword), (n) => new Uint8Array(n))
    const { authenticatorChallenge, peerChallenge } = challenges
    const hash = ntPasswordHash(response)
    const ntResponse = generateNtResponse(authenticatorChallenge, peerChallenge, 'alice', hash)
    return { ...challenges, ...encrypted, ntResponse, userName: 'alice' }
  }

  for (const storage of ['reversible', 'nt-hash'] as const) {
    it(`writes the new password as ${storage} and lifts what asked for it`, async () => {
      const house = await buildHouse()
      await house.add('alice', 'old secret', { storage, mustChangePassword: true })
      const outcome = await house.source.changePassword('alice', changeOf('old secret', 'new secret'))
      assert.equal(outcome.kind, 'authenticated')
      if (outcome.kind === 'authenticated') assert.ok(outcome.ntHashHash)
      assert.equal(house.users.get('id-alice')?.password?.storage, storage)
      assert.equal(await kindOf(house, 'alice', passwordProof('new secret')), 'authenticated')
      assert.equal(await kindOf(house, 'alice', passwordProof('old secret')), 'wrong-password')
    })
  }

  it('needs the old password, the response of the new one, and both fields to agree', async () => {
    const house = await buildHouse({ lockout: { ...LOCKOUT, threshold: 10 } })
    await house.add('alice', 'old secret')
    const good = changeOf('old secret', 'new secret')
    const bad: readonly PasswordChange[] = [
      changeOf('guess', 'new secret'),
      changeOf('old secret', 'new secret', 'other'),
      { ...good, encryptedHash: changeOf('guess', 'new secret').encryptedHash },
      { ...good, encryptedPassword: new Uint8Array(3) },
    ]
    for (const change of bad) {
      assert.equal((await house.source.changePassword('alice', change)).kind, 'wrong-password')
    }
    assert.equal(house.lockoutStore.rows.get('id-alice')?.failures, bad.length)
    assert.equal(await kindOf(house, 'alice', passwordProof('old secret')), 'authenticated')
  })

  it('refuses new passwords that break the rules', async () => {
    const house = await buildHouse()
    await house.add('alice', 'old secret')
    for (const [newPassword, why] of [
      ['', /empty/],
      ['        ', /white space/],
      ['short', /shorter/],
      ['old secret', /already/],
    ] as const) {
      const outcome = await house.source.changePassword('alice', changeOf('old secret', newPassword))
      assert.equal(outcome.kind, 'change-refused')
      if (outcome.kind === 'change-refused') assert.match(outcome.why, why)
    }
  })

  it('is no way around a shut account, a lock, or a form that cannot be checked', async () => {
    const house = await buildHouse()
    const change = changeOf('old secret', 'new secret')
    await house.add('alice', 'old secret', { disabled: true })
    assert.equal((await house.source.changePassword('alice', change)).kind, 'disabled')
    await house.add('alice', 'old secret', { lockedUntil: house.clock.now() + 1000, failures: 3 })
    assert.equal((await house.source.changePassword('alice', change)).kind, 'locked')
    await house.add('alice', 'old secret', { storage: 'argon2id' })
    assert.equal((await house.source.changePassword('alice', change)).kind, 'form-unsupported')
    assert.equal((await house.source.changePassword('nobody', change)).kind, 'not-found')
  })

  it('does not overwrite a password that was changed meanwhile', async () => {
    const house = await buildHouse()
    const before = await house.add('alice', 'old secret')
    await house.add('alice', 'set by an administrator')
    house.directory.put(before) // a worker whose projection is behind
    const outcome = await house.source.changePassword('alice', changeOf('old secret', 'new secret'))
    assert.equal(outcome.kind, 'change-refused')
  })
})

it('a flood of unknown names cannot keep a user of argon2id out', async () => {
  const house = await buildHouse({ passwordStorage: 'argon2id' })
  await house.add('alice', 'a long password', { storage: 'argon2id' })
  const strangers = Array.from({ length: 300 }, (_, index) =>
    kindOf(house, `nobody-${index}`, passwordProof('guess')),
  )
  assert.equal(await kindOf(house, 'alice', passwordProof('a long password')), 'authenticated')
  for (const kind of await Promise.all(strangers)) assert.equal(kind, 'not-found')
})
