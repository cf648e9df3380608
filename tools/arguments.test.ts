import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const ROOT = join(import.meta.dirname, '..')

describe('commands of the repository called in a wrong way', () => {
  for (const [file, args, code, expected] of [
    ['tools/test.ts', ['--help'], 0, /^Usage: npm test -- .*\n$/],
    ['tools/test.ts', ['packages/nope'], 2, /^There is no packages\/nope\nUsage: npm test -- .*\n$/],
    ['tools/test.ts', ['docs'], 2, /^There are no tests below docs\nUsage: npm test -- .*\n$/],
    ['tools/test.ts', ['--nope'], 2, /^Unknown option '--nope'\nUsage: npm test -- .*\n$/],
    ['tools/fuzz.ts', ['--help'], 0, /^Usage: npm run fuzz -- .*\n$/],
    ['tools/fuzz.ts', ['--nope'], 2, /^Unknown option '--nope'\nUsage: npm run fuzz -- .*\n$/],
    ['tools/fuzz.ts', ['--packets', 'x'], 2, /^--packets takes a whole number, not "x"\nUsage: /],
    ['bench/run.ts', ['--help'], 0, /^Usage: npm run bench -- .*\n$/],
    ['bench/run.ts', ['--nope'], 2, /^Unknown option '--nope'\nUsage: npm run bench -- .*\n$/],
  ] as const) {
    it(`${file} ${args.join(' ')}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
        cwd: ROOT,
        encoding: 'utf8',
        timeout: 60_000,
      })
      assert.match(stdout + stderr, expected)
      assert.equal(status, code)
    })
  }
})
