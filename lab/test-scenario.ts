/** A scenario as tests of node:test. */
import { after, before, describe, it } from 'node:test'
import { skipReason } from './debian.ts'
import type { Scenario } from './scenario.ts'

/** One house for all cases, one subtest for each. */
export function testScenario<House extends AsyncDisposable>({
  name,
  counterparts,
  obstacle,
  open,
  cases,
}: Scenario<House>): void {
  const why = obstacle?.()
  if (why !== undefined) {
    // Nothing that is installed would change it, so it is said and not held against the machine, in CI either.
    console.warn(`scenario ${name} does not run: ${why}`)
    return
  }
  describe(`scenario ${name}`, { skip: skipReason(...counterparts) }, () => {
    let house: House | undefined
    before(async () => {
      house = await open()
    })
    after(async () => {
      await house?.[Symbol.asyncDispose]()
    })
    for (const each of cases) {
      it(each.name, async (context) => {
        if (house === undefined) throw new Error('the house was not opened')
        const obstacle = each.obstacle?.(house)
        if (obstacle === undefined) context.diagnostic(await each.run(house))
        else if (process.env.CI) throw new Error(obstacle)
        else context.skip(obstacle)
      })
    }
  })
}
