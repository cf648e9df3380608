/** What each thread of a server loads at its start: memory and time that every installation pays for. */
import assert from 'node:assert/strict'
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { temporaryFolder } from '@sallyport/lab/process'
import { startSallyport } from '@sallyport/lab/sallyport'

const HOUSE = join(import.meta.dirname, '../..')

/** By thread: packages of others, by name; files of the house, from its root. */
interface Loaded {
  readonly packages: readonly string[]
  readonly files: readonly string[]
}

const { dependencies } = JSON.parse(readFileSync(join(HOUSE, 'server/package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>
}

const threads = new Map<string, Loaded>()

/** A server that starts anew, with a CA, a user and a configuration; until it is ready. */
before(async () => {
  using folder = temporaryFolder()
  const [data, noted] = [join(folder.path, 'data'), join(folder.path, 'noted')]
  mkdirSync(noted)
  const preload = join(import.meta.dirname, 'note-modules.ts')
  const prefix = ['env', `NODE_OPTIONS=--import=${preload}`, `NOTED_MODULES=${noted}`]
  await using _server = await startSallyport({ data, args: ['--bind', '127.0.0.1'], prefix })
  for (const file of globSync(join(noted, 'thread-*'))) {
    const urls = readFileSync(file, 'utf8').trim().split('\n')
    const paths = urls.map((url) => decodeURI(url).replace(`file://${HOUSE}/`, ''))
    const root = paths.find((path) => /^server\/src\/(main|threads\/(radius|store))\.ts$/.test(path))
    threads.set(root ?? file, {
      packages: [
        ...new Set(paths.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])),
      ],
      files: paths.filter((path) => /^(server|packages)\//.test(path)),
    })
  }
})

function loadedBy(thread: string): Loaded {
  const loaded = threads.get(thread)
  assert.ok(loaded !== undefined && loaded.files.length > 100, `${thread}: ${[...threads.keys()]}`)
  return loaded
}

/** Which of the product's own dependencies. */
function dependenciesOf(thread: string): readonly string[] {
  return loadedBy(thread)
    .packages.filter((name) => name in dependencies)
    .sort()
}

function hasNone(thread: string, unwanted: readonly RegExp[]): void {
  const found = loadedBy(thread).files.filter((file) => unwanted.some((pattern) => pattern.test(file)))
  assert.deepEqual(found, [], `${thread} loads at its start what is for the first use`)
}

describe('modules loaded at the start', () => {
  it('main has no form of a connection, no mail, no HTTP client, no PostgreSQL, one checker of schemas', () => {
    assert.deepEqual(dependenciesOf('server/src/main.ts'), [
      ...['@marcbachmann/cel-js', 'dns-packet', 'fastify', 'fastify-type-provider-zod', 'kysely', 'pino'],
      ...['prom-client', 'yaml', 'zod'],
    ])
    const { packages } = loadedBy('server/src/main.ts')
    for (const name of ['ajv', 'fast-json-stringify-compiler', 'light-my-request']) {
      assert.ok(!packages.includes(name), name)
    }
    hasNone('server/src/main.ts', [
      /^server\/src\/profiles\/(android|apple|client-errors|gateways|linux|windows)\//,
      /^server\/src\/profiles\/(guides\/(?!page-style|html-text)|linter\/(?!profile-facts))/,
      /^server\/src\/main\/(gateway-check|profiles|source-test)\//,
      /^server\/src\/cli\/commands\/(?!serve)/,
      /^server\/src\/store\/(migrat|postgres\.ts|user-projection)/,
      /^packages\/eap\/src\/(methods|server|peer)/,
    ])
  })

  it('the store thread has the tables and what writes them: no policy, no schema, no sentence', () => {
    assert.deepEqual(dependenciesOf('server/src/threads/store.ts'), ['kysely', 'prom-client'])
    hasNone('server/src/threads/store.ts', [
      /^packages\/(eap|mschap|ldap|tacacs)\//,
      /^server\/src\/(policy|reasons|listeners|profiles\/(?!links\/profile-link-store))\//,
      /^server\/src\/config\/(schema|sections)/,
    ])
  })

  it('a RADIUS worker has what logins need: no schema, no writing of tables, no sentence of a page', () => {
    assert.deepEqual(dependenciesOf('server/src/threads/radius.ts'), [
      ...['@marcbachmann/cel-js', 'dns-packet', 'pino', 'prom-client'],
    ])
    hasNone('server/src/threads/radius.ts', [
      /^server\/src\/(listeners\/(?!radius-udp)|profiles\/(?!gateways\/)|main|admins|grants|mail)\//,
      /^server\/src\/config\/(schema|document|apply)/,
      /^server\/src\/store\/migrations\//,
    ])
  })
})
