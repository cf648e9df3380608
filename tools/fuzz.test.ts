import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { Random } from './fuzz/random.ts'
import { fuzz } from './fuzz/run.ts'
import { Finding, type FuzzTarget } from './fuzz/target.ts'
import { TARGETS } from './fuzz/targets.ts'

/** A walk over every target, the same each time; `npm run fuzz -- --packets 10000000` goes further, over night. */
for (const target of TARGETS) {
  test(`ok/${target.name} takes what it is given`, async () => {
    const lines: string[] = []
    const options = {
      targets: [target],
      packets: 100_000,
      seed: 20_260_105,
      print: (line: string) => lines.push(line),
    }
    const { passed, failed } = await fuzz(options)
    assert.equal(failed, 0, lines.join('\n'))
    assert.ok(passed >= 20, `${passed} cases`)
  })
}

function targetThat(attempt: (random: Random) => string | Promise<string>, close = () => {}): FuzzTarget {
  return {
    name: 'scripted',
    share: 1,
    open: async () => ({
      attempt: (random, tell) => {
        tell(random.octets(4))
        return attempt(random)
      },
      close,
    }),
  }
}

async function findings(target: FuzzTarget): Promise<{ failed: number; lines: string[] }> {
  const lines: string[] = []
  const { failed } = await fuzz({
    targets: [target],
    packets: 20,
    seed: 7,
    print: (line) => lines.push(line),
  })
  return { failed, lines: lines.filter((line) => line.startsWith('FINDING')) }
}

test('fail/what throws, rejects or takes too long is a finding, with its case, seed and octets', async () => {
  const bug = new Finding('a bug')
  const rare = (random: Random) => random.below(20) === 0
  const isBusy = (): string => {
    const end = process.threadCpuUsage().user + 60_000
    while (process.threadCpuUsage().user < end);
    return 'done'
  }
  const targets = {
    throws: targetThat((random) => {
      if (rare(random)) throw bug
      return 'fine'
    }),
    rejects: targetThat(async (random) => (rare(random) ? Promise.reject(bug) : 'fine')),
    'is slow': targetThat((random) => (rare(random) ? isBusy() : 'fine')),
    'is dead at the end': targetThat(
      () => 'fine',
      () => {
        throw bug
      },
    ),
  }
  for (const [name, target] of Object.entries(targets)) {
    const { failed, lines } = await findings(target)
    assert.ok(failed > 0, name)
    assert.match(lines[0] ?? '', /^FINDING scripted case \d+ seed 7: [\s\S]*\n {2}input [0-9a-f]{8}$/, name)
  }
  assert.deepEqual(await findings(targetThat(() => 'fine')), { failed: 0, lines: [] })
})

test('fail/a rejection that nobody awaits is a finding', () => {
  // In a process of its own: the test runner takes every stray rejection for its own.
  const script = `
    import { fuzz } from './fuzz/run.ts'
    const attempt = (_random, tell) => { tell(Uint8Array.of(171)); void Promise.reject(new Error('stray')); return 'fine' }
    const target = { name: 'strays', share: 1, open: async () => ({ attempt, close() {} }) }
    const { failed } = await fuzz({ targets: [target], packets: 20, seed: 7, print: console.log })
    console.log(failed, 'failed')`
  const arguments_ = ['--input-type=module', '--eval', script]
  const output = execFileSync(process.execPath, arguments_, { cwd: import.meta.dirname, encoding: 'utf8' })
  assert.match(output, /FINDING strays case 0 seed 7: Error: stray[\s\S]*input ab\n/)
  assert.match(output, /\n5 failed\n/)
})

test('ok/a seed and a case name the same input every time', async () => {
  const inputs: string[][] = [[], []]
  for (const list of inputs) {
    const target = targetThat((random) => {
      list.push(Buffer.from(random.octets(8)).toString('hex'))
      return 'fine'
    })
    await fuzz({ targets: [target], packets: 20, seed: 3, print: () => {} })
  }
  assert.deepEqual(inputs[0], inputs[1])
  assert.equal(new Set(inputs[0]).size, 20)
  assert.notDeepEqual(new Random(1).octets(8), new Random(2).octets(8))
})
