/** Users, passwords and states of accounts. */
import { MESSAGE_AUTHENTICATOR } from '../../../radclient.ts'
import type { Cause, Clue } from '../cause.ts'
import type { DiagnosisHouse } from '../house.ts'
import type { Site } from '../site.ts'

interface Person {
  readonly name: string
  readonly password: string
}

type Way = (house: DiagnosisHouse, person: Person) => Promise<unknown>

const pap: Way = (house, { name, password }) =>
  house.request([`User-Name = "${name}"`, `User-Password = "${password}"`, MESSAGE_AUTHENTICATOR])
const mschap: Way = (house, { name, password }) =>
  house.request([`User-Name = "${name}"`, `MS-CHAP-Password = "${password}"`, MESSAGE_AUTHENTICATOR])
const peap: Way = (house, person) => house.supplicant(house.tunnel('PEAP', 'MSCHAPV2', person))
const ttls: Way = (house, person) => house.supplicant(house.tunnel('TTLS', 'PAP', person))

export function accountCauses(site: Site): Cause[] {
  const { seeded } = site
  const anyWay = (): Way => seeded.pick([pap, mschap, peap, ttls])
  const about = (name: string): Clue => ({ by: 'user', value: name })

  const state = (
    name: string,
    code: string,
    fields: object,
    more: Partial<Cause> = {},
    way = anyWay(),
  ): Cause => {
    const person = site.user({ ...fields })
    return {
      name,
      code,
      says: [person.name],
      ...more,
      async happen(house) {
        await way(house, person)
        return about(person.name)
      },
    }
  }

  const wrong = site.user()
  const alsoWrong = site.user()
  const locked = site.user()
  const missing = { name: seeded.name(), password: seeded.name() }
  const alsoMissing = { name: seeded.name(), password: seeded.name() }
  const foreign = { name: `${seeded.name()}@${seeded.name()}.example.net`, password: 'x' }
  const twoRealms = { name: `${seeded.name()}@a@b`, password: 'x' }
  const empty = site.user()
  const keyless = site.user({ password: undefined })
  const hashed = site.user({ passwordStorage: 'argon2id' })
  const [firstWay, secondWay] = [anyWay(), anyWay()]

  return [
    {
      name: 'wrong password',
      code: 'wrong-password',
      says: [wrong.name, '1 time'],
      twin: 'secret or password',
      async happen(house) {
        await firstWay(house, { ...wrong, password: seeded.name() })
        return about(wrong.name)
      },
    },
    {
      name: 'wrong password, the second time',
      code: 'wrong-password',
      says: [alsoWrong.name, '2 times'],
      async happen(house) {
        await pap(house, { ...alsoWrong, password: seeded.name() })
        await peap(house, { ...alsoWrong, password: seeded.name() })
        return { by: 'user', value: alsoWrong.name, decisions: 2 }
      },
    },
    {
      name: 'unknown user',
      code: 'user-not-found',
      says: [missing.name, 'local'],
      twin: 'unknown or disabled',
      async happen(house) {
        await secondWay(house, missing)
        return about(missing.name)
      },
    },
    {
      name: 'unknown user, in a realm that is known',
      code: 'user-not-found',
      says: [alsoMissing.name],
      async happen(house) {
        await pap(house, { ...alsoMissing, name: `${alsoMissing.name}@${site.realm}` })
        return about(alsoMissing.name)
      },
    },
    {
      name: 'unknown realm',
      code: 'realm-unknown',
      says: [foreign.name.split('@')[1] ?? ''],
      twin: 'unknown or disabled',
      async happen(house) {
        const mac = seeded.mac()
        const { name, password } = foreign
        const station = `Calling-Station-Id = "${mac}"`
        await house.request([
          `User-Name = "${name}"`,
          `User-Password = "${password}"`,
          station,
          MESSAGE_AUTHENTICATOR,
        ])
        return { by: 'station', value: mac }
      },
    },
    {
      name: 'user name with two realms',
      code: 'user-name-malformed',
      says: [twoRealms.name],
      async happen(house) {
        await pap(house, twoRealms)
        return about(twoRealms.name)
      },
    },
    state('disabled account', 'account-disabled', { disabled: true }, { twin: 'unknown or disabled' }),
    state('expired account', 'account-expired', { expiresAt: '2024-02-29T00:00:00Z' }),
    // One that cannot change it in PEAP waits for a person, and says nothing more.
    state(
      'password to be changed, by PEAP',
      'must-change-password',
      { mustChangePassword: true },
      { slow: true },
      peap,
    ),
    state('password to be changed, by PAP', 'must-change-password', { mustChangePassword: true }, {}, pap),
    state('outside logon hours', 'outside-logon-hours', { logonHours: [`${distantDay()} 03:00-04:00`] }),
    {
      name: 'locked account, with the right password',
      code: 'account-locked',
      says: [locked.name, '3 wrong passwords'],
      async happen(house) {
        for (const guess of ['a', 'b', 'c']) await pap(house, { ...locked, password: guess })
        await peap(house, locked)
        return about(locked.name)
      },
    },
    {
      name: 'empty password',
      code: 'empty-password',
      says: [empty.name],
      async happen(house) {
        await ttls(house, { ...empty, password: '' })
        return about(empty.name)
      },
    },
    {
      name: 'account without a password',
      code: 'no-password-set',
      says: [keyless.name],
      async happen(house) {
        await pap(house, keyless)
        return about(keyless.name)
      },
    },
    {
      name: 'MS-CHAPv2 where the password is stored as argon2id',
      code: 'form-unsupported',
      says: [hashed.name, 'argon2id', 'mschapv2'],
      async happen(house) {
        await peap(house, hashed)
        return about(hashed.name)
      },
    },
  ]
}

/** Three days from now: never today, whatever the time zone. */
function distantDay(): string {
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getUTCDay() + 3) % 7] ?? 'Sun'
}
