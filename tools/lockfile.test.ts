import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly resolved?: string
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

test('the lock file lists every platform of every package: otherwise npm ci refuses a clean checkout', () => {
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  )
  assert.ok(wanted.length > 0)
  assert.deepEqual(
    wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined),
    [],
  )
})

test('the lock file names no registry: whoever installs uses their own', () => {
  const hosts = Object.values(lock.packages).filter(({ resolved }) => resolved?.includes('://'))
  assert.deepEqual(hosts, [])
})
