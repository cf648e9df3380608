import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ldapShieldSchema } from '../../config/sections/sources/ldap-shield.ts'
import { FakeClock } from '../../kernel/clock.ts'
import type { DirectoryAccount } from '../ldap/account-lookup.ts'
import type { AuthenticationOutcome } from '../source.ts'
import { Shield } from './shield.ts'
import type { ShieldGuard } from './shield-guard.ts'
import { shieldPolicy } from './shield-policy.ts'
import { sourceShield, unseenAccount } from './source-shield.ts'
import { Domain, type Login } from './test/domain.ts'

const MINUTE = 60_000
const OLD = 'last month'

test('ok/a phone with an old saved password costs one guess, however often it comes, and its owner comes in', async () => {
  const domain = new Domain()
  for (let n = 0; n < 50; n++) {
    assert.equal(await domain.login(OLD, { station: 'phone' }), n === 0 ? 'wrong-password' : 'repeated')
    if (n % 10 === 0)
      assert.equal(await domain.login(domain.password, { station: 'laptop' }), 'authenticated')
  }
  assert.equal(domain.badPasswords, 0)
  assert.equal(domain.checks, 1 + 5)
})

test('ok/the same wrong password is known from any device and in any worker', async () => {
  const domain = new Domain({ workers: 3 })
  await domain.login(OLD, { station: 'phone' })
  for (const worker of [0, 1, 2]) {
    assert.equal(await domain.login(OLD, { station: 'tablet', worker }), 'repeated')
  }
  assert.equal(domain.badPasswords, 1)
})

test('fail/a wrong password that nobody sent before is not taken for a known one', async () => {
  const domain = new Domain()
  await domain.login('first', { station: 'phone' })
  assert.equal(await domain.login('second', { station: 'phone' }), 'wrong-password')
  assert.equal(domain.badPasswords, 2)
})

test('fail/MS-CHAP from one device: held back after two, and nobody else is', async () => {
  const domain = new Domain()
  const seen: string[] = []
  for (let n = 0; n < 50; n++) seen.push(await domain.mschap(OLD, 'phone'))
  assert.deepEqual(seen.slice(0, 3), ['wrong-password', 'wrong-password', 'held-back'])
  assert.equal(new Set(seen.slice(2)).size, 1)
  assert.equal(domain.badPasswords, 2)
  assert.equal(await domain.mschap(domain.password, 'laptop'), 'authenticated')
  assert.equal(await domain.mschap(OLD, 'phone'), 'held-back', 'also after the owner came in elsewhere')
})

test('ok/what is said of a device that is held back', async () => {
  const domain = new Domain()
  for (let n = 0; n < 2; n++) await domain.mschap(OLD, 'phone')
  domain.clock.advance(MINUTE)
  assert.deepEqual(await domain.outcome(OLD, { station: 'phone', isSeen: false }), {
    kind: 'held-back',
    because: 'station',
    station: 'phone',
    client: 'wifi',
    stationFailures: 2,
    left: 3,
    threshold: 5,
    until: '2026-01-05T09:30:00.000Z',
  })
})

test('fail/strangers on ever new devices never reach what is kept for known ones', async () => {
  for (const threshold of [2, 3, 4, 5, 10, 50]) {
    const domain = new Domain({ threshold })
    assert.equal(await domain.mschap(domain.password, 'laptop'), 'authenticated')
    for (let n = 0; n < 100; n++) await domain.mschap(`guess ${n}`, `device ${n}`)
    const strangers = Math.max(1, threshold - Math.max(2, Math.floor(threshold / 2)))
    assert.equal(domain.badPasswords, strangers, `threshold ${threshold}`)
    if (threshold > 2) assert.equal(await domain.mschap(domain.password, 'laptop'), 'authenticated')
  }
})

test('ok/the right password comes in from any device that shows it, whatever strangers did', async () => {
  const domain = new Domain()
  assert.equal(await domain.login(domain.password, { station: 'laptop' }), 'authenticated')
  for (let n = 0; n < 100; n++) await domain.login(`guess ${n}`, { station: `device ${n % 7}` })
  assert.equal(await domain.login('typo', { station: 'device 99' }), 'held-back')
  for (const station of ['laptop', 'new phone', 'device 3']) {
    assert.equal(await domain.login(domain.password, { station }), 'authenticated', station)
  }
})

test('fail/a password that was right once is no way in: the directory decides', async () => {
  const domain = new Domain()
  const before = domain.account()
  const former = domain.password
  await domain.login(former, { station: 'laptop' })
  domain.password = 'new one'
  assert.equal(await domain.login(former, { station: 'laptop' }), 'wrong-password')
  assert.equal(await domain.login(former, { station: 'laptop', kept: before }), 'repeated')
  domain.isDown = true
  assert.equal(await domain.login('new one', { station: 'laptop' }), 'unavailable')
})

test('fail/parallel guesses do not pass the budget, through one worker or many', async () => {
  for (const [threshold, workers] of [
    [3, 1],
    [5, 1],
    [5, 4],
    [10, 1],
    [10, 3],
    [10, 8],
    [20, 4],
  ] as const) {
    const domain = new Domain({ threshold, workers })
    await domain.mschap(domain.password, 'laptop')
    const { promise, resolve } = Promise.withResolvers<void>()
    domain.answered = promise
    const all = Promise.all(
      Array.from({ length: 120 }, (_, n) => {
        // Also in the name of the owner's device.
        const station = n % 3 === 0 ? 'laptop' : `device ${n}`
        return domain.mschap(`guess ${n}`, station, n % workers)
      }),
    )
    await Promise.resolve()
    resolve()
    await all
    assert.equal(domain.isLocked, false, `threshold ${threshold}, ${workers} workers`)
    assert.ok(domain.badPasswords < threshold)
  }
})

test('ok/parallel attempts with one password are one guess', async () => {
  const domain = new Domain()
  const seen = await Promise.all(Array.from({ length: 20 }, () => domain.login(OLD, { station: 'phone' })))
  assert.equal(seen.filter((kind) => kind === 'wrong-password').length, 1)
  assert.equal(domain.badPasswords, 1)
  const right = Array.from({ length: 20 }, () => domain.login(domain.password, { station: 'laptop' }))
  assert.deepEqual(new Set(await Promise.all(right)), new Set(['authenticated']))
})

test('fail/too many that wait for one account: silence, and no guess', async () => {
  const domain = new Domain()
  const { promise, resolve } = Promise.withResolvers<void>()
  domain.answered = promise
  const all = Promise.all(
    Array.from({ length: 200 }, (_, n) => domain.outcome('guess', { isSeen: false, station: `device ${n}` })),
  )
  await new Promise((done) => setImmediate(done))
  resolve()
  const seen = await all
  const unavailable = seen.filter((outcome) => outcome.kind === 'unavailable')
  assert.ok(unavailable.length > 0 && unavailable.every(({ isUnasked }) => isUnasked === true))
  assert.equal(domain.badPasswords, 3)
})

test('ok/a budget of three: the old phone fails once, the laptop comes in', async () => {
  const domain = new Domain({ threshold: 3 })
  await domain.mschap(domain.password, 'phone')
  await domain.mschap(domain.password, 'laptop')
  const former = domain.password
  domain.password = 'new one'
  assert.equal(await domain.mschap(former, 'phone'), 'wrong-password')
  assert.equal(await domain.mschap(former, 'phone'), 'held-back')
  assert.equal(await domain.mschap('new one', 'laptop'), 'authenticated')
  for (let n = 0; n < 20; n++) assert.equal(await domain.mschap(former, 'phone'), 'held-back')
  assert.equal(domain.isLocked, false)
})

test('ok/a new password ends what is held against devices', async () => {
  const domain = new Domain()
  for (let n = 0; n < 3; n++) await domain.mschap(OLD, 'phone')
  await domain.login(OLD, { station: 'tablet' })
  const before = domain.account()
  domain.password = OLD
  domain.badPasswords = 0
  assert.equal(
    await domain.login(OLD, { station: 'tablet' }),
    'authenticated',
    'it was known as wrong before',
  )
  assert.equal(await domain.mschap(OLD, 'phone'), 'authenticated')
  // A controller that has not heard of the change tells the former state: that is no change.
  const live = { ...before, budget: undefined, passwordStamp: 'correct horse' }
  for (let n = 0; n < 3; n++) await domain.mschap('wrong', 'printer')
  const { budget: _, ...late } = live
  await domain.outcome('other', { station: 'x', isSeen: false, kept: late })
  assert.equal(await domain.mschap('wrong', 'printer'), 'held-back')
})

test('ok/once the window is over a device may try again, once in each window until it is right', async () => {
  const domain = new Domain()
  for (let n = 0; n < 3; n++) await domain.mschap(OLD, 'phone')
  domain.clock.advance(29 * MINUTE)
  assert.equal(await domain.mschap(OLD, 'phone'), 'held-back')
  domain.clock.advance(MINUTE)
  assert.equal(await domain.mschap(OLD, 'phone'), 'wrong-password')
  assert.equal(await domain.mschap(domain.password, 'phone'), 'held-back')
  domain.clock.advance(30 * MINUTE)
  assert.equal(await domain.mschap(domain.password, 'phone'), 'authenticated')
  assert.equal(await domain.mschap(OLD, 'phone'), 'wrong-password')
  assert.equal(await domain.mschap(domain.password, 'phone'), 'authenticated')
})

test('ok/an administrator gives another chance, and never the last guess', async () => {
  const domain = new Domain()
  for (let n = 0; n < 9; n++) await domain.mschap(OLD, `device ${n >> 1}`)
  assert.equal(domain.badPasswords, 3)
  assert.equal(await domain.mschap(domain.password, 'device 0'), 'held-back')
  assert.equal(await domain.shield.release('ALICE', 'other'), 0)
  assert.equal(await domain.shield.release('ALICE'), 1)
  assert.equal(await domain.mschap(domain.password, 'device 0'), 'authenticated')
  for (let n = 0; n < 9; n++) {
    await domain.shield.release('alice', 'corp')
    await domain.mschap(OLD, `device ${n}`)
  }
  assert.equal(domain.badPasswords, 4)
  assert.equal(domain.isLocked, false)
})

test('fail/wrong passwords elsewhere in the domain count: what is left is for known devices', async () => {
  const domain = new Domain()
  await domain.mschap(domain.password, 'laptop')
  for (let n = 0; n < 3; n++) await domain.mistypeElsewhere()
  assert.equal(await domain.mschap(OLD, 'phone'), 'held-back')
  assert.equal(await domain.mschap(domain.password, 'laptop'), 'authenticated')
  for (let n = 0; n < 4; n++) await domain.mistypeElsewhere()
  assert.equal(await domain.mschap(OLD, 'laptop'), 'held-back', 'the last guess is never spent here')
  domain.clock.advance(30 * MINUTE)
  assert.equal(await domain.mschap(OLD, 'phone'), 'wrong-password', 'what the directory still tells is over')
})

test('ok/a look-up that was kept is asked for again before a guess is burnt', async () => {
  const domain = new Domain()
  const kept = { ...domain.account(), user: { ...domain.account().user, lookup: 'cached' as const } }
  for (let n = 0; n < 3; n++) await domain.mistypeElsewhere()
  assert.equal(await domain.login(OLD, { kept, station: 'phone', isSeen: false }), 'held-back')
  assert.equal(domain.checks, 3)
})

test('ok/a look-up of a moment ago serves attempts one by one, while nothing is held against the account', async () => {
  const domain = new Domain()
  const kept = domain.kept()
  for (let n = 0; n < 10; n++) {
    const login = { kept, station: `device ${n}`, isSeen: false }
    assert.equal(await domain.login(domain.password, login), 'authenticated')
  }
  domain.clock.advance(1999)
  assert.equal(await domain.login(domain.password, { kept, isSeen: false }), 'authenticated')
  assert.equal(domain.refreshes, 0)
  assert.equal(await domain.login(OLD, { kept, station: 'phone', isSeen: false }), 'wrong-password')
  assert.equal(domain.refreshes, 0)
})

test('fail/a look-up that was kept serves no attempt where something speaks against it', async () => {
  const laptop = { station: 'laptop', isSeen: false }
  const phone = { station: 'phone', isSeen: false }
  const refreshes = async (
    options: object,
    serves: number,
    attempt: (domain: Domain, kept: DirectoryAccount) => Promise<unknown>,
    what: string,
  ): Promise<void> => {
    const domain = new Domain(options)
    await attempt(domain, domain.kept())
    assert.equal(domain.refreshes, serves, what)
  }
  const right = (domain: Domain, login: Login) => domain.login(domain.password, login)
  await refreshes(
    {},
    1,
    async (domain, kept) => {
      domain.clock.advance(2000)
      await right(domain, { ...laptop, kept })
    },
    'two seconds old',
  )
  for (const [threshold, count] of [
    [3, 1],
    [4, 0],
  ] as const) {
    await refreshes(
      { threshold },
      count,
      (domain, kept) => right(domain, { ...laptop, kept }),
      'it locks early',
    )
  }
  await refreshes(
    {},
    1,
    async (domain) => {
      await domain.mistypeElsewhere()
      await right(domain, { ...laptop, kept: domain.kept() })
    },
    'it tells of a wrong password itself',
  )
  await refreshes(
    {},
    1,
    async (domain, kept) => {
      await domain.login(OLD, phone)
      await right(domain, { ...laptop, kept })
    },
    'a wrong password since',
  )
  await refreshes(
    {},
    1,
    async (domain, kept) => {
      await domain.login(OLD, phone)
      await right(domain, laptop)
      await domain.login(OLD, { ...phone, kept })
    },
    'a device that failed, whoever came in since',
  )
  await refreshes(
    {},
    1,
    async (domain, kept) => {
      await domain.login(OLD, { station: 'phone' })
      await right(domain, laptop)
      assert.equal(await domain.login(OLD, { station: 'tablet', kept }), 'repeated')
    },
    'a password that was wrong',
  )
  await refreshes(
    {},
    2,
    async (domain, kept) => {
      await Promise.all(Array.from({ length: 3 }, () => right(domain, { ...laptop, kept })))
    },
    'another attempt under way',
  )
  await refreshes(
    {},
    1,
    async (domain, kept) => {
      domain.password = 'new one'
      await right(domain, laptop)
      await domain.login(OLD, { ...phone, kept })
    },
    'the password was changed since',
  )
})

test('ok/a directory that never locks: nothing is counted', async () => {
  for (const domain of [
    new Domain({ threshold: 0 }),
    new Domain({ threshold: 0, isGeneric: true, settings: { threshold: 0 } }),
  ]) {
    for (let n = 0; n < 20; n++) assert.equal(await domain.login(OLD, { station: 'phone' }), 'wrong-password')
    assert.deepEqual(domain.asked, [])
  }
})

test('ok/a directory that tells nothing: the settings, and a wrong password may become right again', async () => {
  const domain = new Domain({ isGeneric: true, settings: { threshold: 6, windowMinutes: 10 } })
  assert.equal(await domain.login(OLD, { station: 'phone' }), 'wrong-password')
  assert.equal(await domain.login(OLD, { station: 'phone' }), 'repeated')
  domain.password = OLD
  domain.clock.advance(5 * MINUTE)
  assert.equal(await domain.login(OLD, { station: 'phone' }), 'authenticated')
  for (let n = 0; n < 20; n++) await domain.mschap('guess', `device ${n}`)
  assert.equal(domain.badPasswords, 3)
})

test('ok/an account without failures: a password that was right before asks nobody', async () => {
  const domain = new Domain()
  await domain.login(domain.password, { station: 'laptop' })
  domain.asked.length = 0
  for (let n = 0; n < 100; n++) await domain.login(domain.password, { station: 'laptop' })
  await Promise.all(Array.from({ length: 50 }, () => domain.login(domain.password, { station: 'laptop' })))
  assert.deepEqual(domain.asked, [])
  const roomy = new Domain({ threshold: 10, workers: 2 })
  await roomy.mschap(roomy.password, 'laptop')
  roomy.asked.length = 0
  for (let n = 0; n < 100; n++) await roomy.mschap(roomy.password, 'laptop')
  assert.deepEqual(roomy.asked, [], 'MS-CHAP too, where the budget bears a guess of each worker')
})

test('fail/an owner that cannot be asked is silence, not a guess', async () => {
  const domain = new Domain()
  domain.shield.reserve = async () => {
    throw new Error('gone')
  }
  const outcome = await domain.outcome(domain.password, { station: 'laptop', isSeen: false })
  assert.ok(outcome.kind === 'unavailable' && outcome.isUnasked, 'no outage of the directory')
  const deaf = new Domain()
  deaf.shield.key = async () => {
    throw new Error('gone')
  }
  assert.equal(await deaf.login(deaf.password, { station: 'laptop' }), 'unavailable')
  assert.equal(domain.checks + deaf.checks, 0)
})

test('ok/what the directory could not say counts as nothing', async () => {
  const domain = new Domain()
  domain.isDown = true
  for (let n = 0; n < 20; n++) assert.equal(await domain.mschap(OLD, 'phone'), 'unavailable')
  domain.isDown = false
  assert.equal(await domain.mschap(OLD, 'phone'), 'wrong-password')
  assert.equal(await domain.mschap(OLD, 'phone'), 'wrong-password')
  assert.equal(await domain.mschap(OLD, 'phone'), 'held-back')
})

test('ok/one alarm for an account in one window, and a list of who and which device', async () => {
  const domain = new Domain()
  await domain.mschap(domain.password, 'laptop')
  for (let n = 0; n < 20; n++) await domain.mschap(OLD, 'phone')
  for (let n = 0; n < 5; n++) await domain.mschap(OLD, 'tablet')
  assert.deepEqual(domain.alarms, ['phone'])
  assert.equal(domain.stops.length, 18 + 4)
  const now = domain.clock.now()
  const held = { client: 'wifi', lastFailureAt: now, lastStoppedAt: now }
  assert.deepEqual(await domain.shield.list(), [
    {
      user: 'alice',
      source: 'corp',
      used: 3,
      threshold: 5,
      left: 2,
      until: now + 30 * MINUTE,
      stations: [
        { station: 'phone', failures: 2, stopped: 18, heldUntil: now + 30 * MINUTE, ...held },
        { station: 'tablet', failures: 1, stopped: 4, ...held },
      ],
    },
  ])
  domain.clock.advance(30 * MINUTE)
  assert.deepEqual(await domain.shield.list(), [])
  domain.badPasswords = 0
  for (let n = 0; n < 3; n++) await domain.mschap(OLD, 'phone')
  assert.deepEqual(domain.alarms, ['phone', 'phone'])
})

test('fail/made-up devices do not make the table forget devices that logged in', async () => {
  const domain = new Domain({ windowMinutes: 1 })
  await domain.mschap(domain.password, 'laptop')
  for (let n = 0; n < 500; n++) {
    await domain.mschap(OLD, `device ${n}`)
    if (n % 3 === 0) domain.clock.advance(MINUTE)
  }
  const [report] = await domain.shield.list()
  assert.ok((report?.stations.length ?? 0) <= 32)
  for (let n = 0; n < 3; n++) await domain.mschap(OLD, `late ${n}`)
  assert.equal(await domain.mschap(OLD, 'one more'), 'held-back')
  assert.equal(await domain.mschap(domain.password, 'laptop'), 'authenticated')
})

test('ok/a device without Calling-Station-Id is the RADIUS client it came through', async () => {
  const domain = new Domain()
  for (let n = 0; n < 3; n++) await domain.mschap(OLD)
  const [report] = await domain.shield.list()
  assert.equal(report?.stations[0]?.station, 'unknown (no Calling-Station-Id from wifi)')
  assert.equal(await domain.mschap(domain.password, 'laptop'), 'authenticated')
})

test('fail/an old password from many devices at once, told of or not, does not pass the budget', async () => {
  for (const settings of [
    { threshold: 5 },
    { threshold: 5, isGeneric: true, settings: { threshold: 5 } },
    { threshold: 10, workers: 3, isGeneric: true, settings: { threshold: 10 } },
  ]) {
    const domain = new Domain(settings)
    const { workers = 1, threshold } = { workers: 1, ...settings }
    for (let worker = 0; worker < workers; worker++) {
      await domain.login(domain.password, { station: 'laptop', worker })
    }
    const former = domain.password
    domain.password = 'new one'
    const { promise, resolve } = Promise.withResolvers<void>()
    domain.answered = promise
    const all = Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        domain.login(former, { station: `device ${n}`, worker: n % workers }),
      ),
    )
    await new Promise((done) => setImmediate(done))
    resolve()
    await all
    assert.ok(domain.badPasswords < threshold, `${domain.badPasswords}`)
    assert.equal(domain.isLocked, false)
  }
})

test('fail/a controller that has not heard of the change: the former password is right no longer', async () => {
  const domain = new Domain()
  const former = domain.password
  await domain.login(former, { station: 'laptop' })
  domain.oldStamp = former
  domain.password = 'new one'
  assert.equal(await domain.login(former, { station: 'laptop' }), 'wrong-password')
  for (let n = 0; n < 20; n++) assert.equal(await domain.login(former, { station: 'laptop' }), 'repeated')
  assert.equal(await domain.login('new one', { station: 'laptop' }), 'authenticated')
})

test('fail/parallel MS-CHAP guesses of one device do not pass what a device has', async () => {
  const domain = new Domain()
  await Promise.all(Array.from({ length: 20 }, () => domain.mschap('guess', 'phone')))
  assert.equal(domain.badPasswords, 2)
  domain.clock.advance(30 * MINUTE)
  await Promise.all(Array.from({ length: 20 }, () => domain.mschap('guess', 'phone')))
  assert.equal(domain.badPasswords, 1, 'and one in each window after it')
})

test('fail/where attempts may go freely, not while the directory tells of wrong passwords elsewhere', async () => {
  const domain = new Domain({ threshold: 10 })
  await domain.mschap(domain.password, 'laptop')
  for (let n = 0; n < 5; n++) await domain.mistypeElsewhere()
  assert.equal(await domain.mschap(OLD, 'phone'), 'held-back')
})

test('ok/a check that throws counts as nothing, and holds nobody up', async () => {
  const domain = new Domain()
  domain.isBroken = true
  for (let n = 0; n < 20; n++) await assert.rejects(domain.mschap(OLD, 'phone'), /broken/)
  domain.isBroken = false
  assert.equal(await domain.mschap(domain.password, 'phone'), 'authenticated')
})

test('fail/devices that only repeat a known password do not push out one that is held back', async () => {
  const domain = new Domain()
  await domain.login(OLD, { station: 'phone' })
  await domain.login('another', { station: 'phone' })
  for (let n = 0; n < 100; n++) assert.equal(await domain.login(OLD, { station: `device ${n}` }), 'repeated')
  const [report] = await domain.shield.list()
  assert.equal(report?.stations.length, 32)
  const phone = report?.stations.find(({ station }) => station === 'phone')
  assert.equal(phone?.failures, 2)
  assert.notEqual(phone?.heldUntil, undefined)
})

test('fail/the table of accounts has an end', async () => {
  const shield = new Shield(new FakeClock())
  const policy = shieldPolicy(new Domain().settings, new Domain().account(), 0)
  if (policy === undefined) throw new Error('nothing at stake')
  for (let n = 0; n < 50_010; n++) {
    const attempt = { account: `corp/${n}`, user: `user ${n}`, source: 'corp', station: 'phone', policy }
    const leave = await shield.reserve(attempt)
    await shield.settle(attempt, 'failed', leave.kind === 'granted' ? leave.number : undefined)
  }
  assert.equal(shield.size, 50_000)
})

test('ok/directories that are not Active Directory have no shield unless told so', async () => {
  const guard = {
    attempt: async () => {
      throw new Error('asked')
    },
  } as unknown as ShieldGuard // the one method a shield calls
  const about = { account: new Domain().account(), asked: { wholeName: 'alice' } }
  const attempt = (
    type: 'generic' | 'active-directory',
    settings: object,
  ): Promise<AuthenticationOutcome> => {
    const shield = ldapShieldSchema.parse(settings)
    return sourceShield(guard, { name: 'corp', type, shield }).attempt(about, async () => ({
      kind: 'locked',
    }))
  }
  assert.deepEqual(await attempt('generic', {}), { kind: 'locked' })
  assert.deepEqual(await attempt('active-directory', { enabled: false }), { kind: 'locked' })
  await assert.rejects(attempt('active-directory', {}), /asked/)
  await assert.rejects(attempt('generic', { enabled: true }), /asked/)
})

test('fail/an account nobody can look up has one count, however its name is written', () => {
  const idOf = (name: string) => unseenAccount('corp', 'cn=any', name).user.id
  const accents = ['Jóhn Smith', 'Jo\u0301hn Smith', 'Ｊohn Smith']
  for (const name of ['John Smith', 'JOHN SMITH', 'john  smith', 'john smith.', ...accents]) {
    assert.equal(idOf(name), 'corp/john smith', name)
  }
  assert.notEqual(idOf('john smyth'), 'corp/john smith')
})

test('fail/whatever is tried, in whatever order and at once: the account is never locked', async () => {
  const step = fc.record({
    password: fc.constantFrom('right', 'wrong', 'a', 'b', 'c', 'd', 'e'),
    isSeen: fc.boolean(),
    station: fc.constantFrom('laptop', 'phone', 'x', 'y', 'z', 'u', 'v', 'w'),
    worker: fc.integer({ min: 0, max: 2 }),
    minutes: fc.constantFrom(0, 0, 0, 0, 7, 31),
    change: fc.constantFrom(false, false, false, false, false, false, true),
    release: fc.constantFrom(false, false, false, false, true),
    parallel: fc.integer({ min: 1, max: 6 }),
    // 'kept': by what was looked up when the clock last moved; 'anew': just now, and kept for the next ones.
    lookup: fc.constantFrom('live', 'kept', 'anew'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 60 }),
      async (threshold, workers, steps) => {
        const domain = new Domain({ threshold, workers })
        let kept = domain.kept()
        for (const {
          password,
          isSeen,
          station,
          worker,
          minutes,
          change,
          release,
          parallel,
          lookup,
        } of steps) {
          if (change) domain.password = `${domain.password}!`
          if (release) await domain.shield.release('alice')
          domain.clock.advance(minutes * MINUTE)
          if (minutes > 0 || lookup === 'anew') kept = domain.kept()
          await Promise.all(
            Array.from({ length: parallel }, (_, n) =>
              domain.login(password === 'right' ? domain.password : password, {
                isSeen,
                station,
                worker: (worker + n) % workers,
                ...(lookup !== 'live' && { kept }),
              }),
            ),
          )
          assert.equal(domain.isLocked, false)
        }
        // And the owner comes in once the window is over, and from then on whatever strangers do.
        domain.clock.advance(31 * MINUTE)
        assert.equal(await domain.login(domain.password, { station: 'new' }), 'authenticated')
        for (let n = 0; n < threshold; n++) await domain.mschap('guess', `late ${n}`)
        assert.equal(await domain.login(domain.password, { station: 'other' }), 'authenticated')
      },
    ),
    { numRuns: 300, seed: 4 },
  )
})
