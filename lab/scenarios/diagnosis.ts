import assert from 'node:assert/strict'
import type { LabCase, Scenario } from '../scenario.ts'
import type { Cause } from './diagnosis/cause.ts'
import { accountCauses } from './diagnosis/causes/accounts.ts'
import { alertCauses, certificateCauses } from './diagnosis/causes/certificates.ts'
import { methodCauses } from './diagnosis/causes/methods.ts'
import { otherCauses } from './diagnosis/causes/others.ts'
import { packetCauses } from './diagnosis/causes/packets.ts'
import { silenceCauses } from './diagnosis/causes/silences.ts'
import { DiagnosisHouse } from './diagnosis/house.ts'
import { Seeded } from './diagnosis/seeded.ts'
import { Site } from './diagnosis/site.ts'

/**
 * Every way a login fails is made to happen for real, in an order and with names that only the seed knows; then the server is
 * asked as an administrator asks, who knows a user, a client or a station.
 */
export function diagnosis(seed: number): Scenario<DiagnosisHouse> {
  const seeded = new Seeded(seed)
  const site = new Site(seeded)
  const causes = seeded.shuffled([
    ...accountCauses(site),
    ...certificateCauses(site),
    ...alertCauses(site),
    ...methodCauses(site),
    ...packetCauses(site),
    ...silenceCauses(site),
    ...otherCauses(site),
  ])
  const cases = causes.map((cause): LabCase<DiagnosisHouse> => {
    const through = seeded.pick(['api', 'api', 'api', 'api', 'cli'])
    return { name: `found: ${cause.name}`, run: (house) => find(house, cause, through) }
  })
  return {
    name: 'diagnosis',
    summary:
      'logins fail in every way, with names made up for the run; the server says why (--seed N repeats)',
    counterparts: ['eapoltest', 'freeradius-utils', 'openssl', 'faketime'],
    open: () => {
      console.log(`seed ${seed}: npm run lab -- diagnosis --seed ${seed}`)
      return DiagnosisHouse.open(site, causes)
    },
    cases: [...cases, { name: 'near misses are told apart, or called ambiguous', run: tellApart(causes) }],
  }
}

const NEXT_STEP = /^(User|Help desk|Administrator|Network administrator): \S.{10,}\.$/
const AMBIGUOUS = /ambiguous/i

async function find(house: DiagnosisHouse, cause: Cause, through: 'api' | 'cli'): Promise<string> {
  const clue = await house.clueOf(cause)
  const finding = await house.ask(clue, cause.code, through)
  const { reason, sentence, nextStep } = finding
  assert.equal(reason, cause.code, sentence)
  for (const word of cause.says) assert.ok(sentence.includes(word), `no "${word}" in: ${sentence}`)
  assert.equal(AMBIGUOUS.test(sentence), cause.ambiguous === true, sentence)
  assert.match(nextStep, NEXT_STEP)
  house.found.set(cause.name, finding)
  return `${reason} (${through}): ${sentence}`
}

const FEWEST_CODES = 30

function tellApart(causes: readonly Cause[]): LabCase<DiagnosisHouse>['run'] {
  return async ({ found }) => {
    const codes = new Set([...found.values()].map(({ reason }) => reason))
    // Where single cases were asked for, there is nothing to count.
    if (found.size === causes.length) {
      assert.ok(causes.length >= 40, `${causes.length} causes`)
      assert.ok(codes.size >= FEWEST_CODES, `${codes.size} codes`)
    }
    const twins = Map.groupBy(
      causes.filter(({ twin, name }) => twin !== undefined && found.has(name)),
      ({ twin }) => twin,
    )
    for (const [twin, members] of twins) {
      const sure = members.filter(({ ambiguous }) => ambiguous !== true)
      const distinct = new Set(sure.map(({ name }) => found.get(name)?.reason))
      assert.equal(distinct.size, sure.length, `${twin}: ${[...distinct].join(', ')}`)
    }
    return `${found.size} causes, ${codes.size} codes, ${twins.size} families of near misses`
  }
}
