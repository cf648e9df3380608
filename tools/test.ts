/**
 * `npm test`: format, lint, types, floors, then every test there is - unit, property, contract and interop with real
 * counterparts. `npm test -- PATH ...` runs the tests of those files or folders only.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { bringCounterparts, COUNTERPARTS, installObstacle } from '../lab/debian.ts'
import { endWithUsage, readArguments } from './arguments.ts'

const USAGE = 'Usage: npm test -- [PATH ...]   PATH: a test file or a folder, such as packages/radius'
const CI = Boolean(process.env.CI)

function check(name: string, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  if (status === 0) return
  console.error(`${name} failed`)
  process.exit(1)
}

function testFiles(paths: readonly string[]): string[] {
  const patterns =
    paths.length === 0
      ? [
          'packages/*/{src,test}/**/*.test.ts',
          'server/{src,test}/**/*.test.ts',
          '{lab,bench,tools}/**/*.test.ts',
        ]
      : paths.map((path) => (statSync(path).isDirectory() ? `${path}/**/*.test.ts` : path))
  return [...new Set(globSync(patterns))].sort()
}

const { positionals: chosen } = readArguments(USAGE, { allowPositionals: true })
const absent = chosen.filter((path) => !existsSync(path))
if (absent.length > 0) endWithUsage(`There is no ${absent.join(', ')}`, USAGE)
const files = testFiles(chosen)
if (files.length === 0) endWithUsage(`There are no tests below ${chosen.join(' ')}`, USAGE)
if (chosen.length === 0) {
  check('format and lint', 'biome', 'check', '--error-on-warnings')
  check('types', 'tsc', '--noEmit')
  check('floors', 'node', 'tools/floors.ts')
}

const missing = bringCounterparts()
for (const name of missing) {
  console.warn(
    `missing ${name} (${COUNTERPARTS[name].use}): its suites are skipped; ${installObstacle() ?? 'apt-get could not install it'}`,
  )
}

// What takes seconds to make and never differs is made by one test and copied by the others: lab/samba/provision.ts.
const shared = mkdtempSync(join(tmpdir(), 'sallyport-run-'))
process.env.SALLYPORT_LAB_CACHE = shared
process.on('exit', () => rmSync(shared, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

const skipped: string[] = []
let failed = 0
const results = run({ files, concurrency: 2, timeout: 600_000 })
results.on('test:pass', ({ name, file, skip }) => {
  if (skip !== undefined && skip !== false) skipped.push(`${file ?? ''} ${name}`)
})
results.on('test:fail', () => {
  failed++
})
for await (const line of results.compose(spec())) process.stdout.write(line)
finish()

function finish(): void {
  if (skipped.length > 0) console.log(`skipped, see the reasons above:\n  ${skipped.join('\n  ')}`)
  if (CI && skipped.length > 0) console.error('in CI a skipped test is a failure')
  process.exitCode = failed > 0 || (CI && skipped.length > 0) ? 1 : 0
}
