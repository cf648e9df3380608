import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { about, alone, byAction } from './by-action.ts'
import { EXIT } from './cli-error.ts'
import type { Input } from './input.ts'
import type { Terminal } from './terminal.ts'

describe('commands by action', () => {
  const done: (readonly string[])[] = []
  const noted =
    (action: string) =>
    async (_input: Input, _terminal: Terminal, ...behind: string[]) => {
      done.push([action, ...behind])
      return EXIT.ok
    }
  const run = byAction('ships', {
    list: about('[NAME]', noted('list')),
    fleet: alone(noted('fleet')),
    sink: about('NAME', noted('sink')),
    sail: about('NAME [PORT]', noted('sail')),
  })
  // Neither is looked at by the actions above.
  const call = (...positionals: string[]) => run({ positionals } as unknown as Input, {} as Terminal)

  it('ok/what stands behind an action, the first one where none is named', async () => {
    const calls = [[], ['list', 'a'], ['fleet'], ['sink', 'a'], ['sail', 'a'], ['sail', 'a', 'b']]
    for (const words of calls) assert.equal(await call(...words), EXIT.ok)
    const [, ...others] = calls
    assert.deepEqual(done, [['list'], ...others])
  })

  it('fail/no such action, one argument missing, one too many: nothing is done', async () => {
    done.length = 0
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['burn', 'a'], 'ships cannot "burn". See: npx sallyport ships --help'],
      [['constructor'], 'ships cannot "constructor". See: npx sallyport ships --help'],
      [['sink'], 'Which one? npx sallyport ships sink NAME'],
      [['fleet', 'a'], '"a" is one argument too many.'],
      [['sink', 'a', 'b'], '"b" is one argument too many.'],
      [['list', 'a', 'b'], '"b" is one argument too many.'],
    ]
    for (const [words, message] of wrong)
      await assert.rejects(call(...words), { message, exitCode: EXIT.usage })
    assert.deepEqual(done, [])
  })
})
