/** One-time links at two nodes with one PostgreSQL: whatever happens at both at once, a link brings one file and one certificate. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type PostgresServer, postgresMissing, startPostgres } from '@sallyport/lab/postgres'
import { temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'
import { until } from '@sallyport/lab/until'

const DOCUMENT = `
clients: [{ name: here, address: 127.0.0.1, secret: a-shared-secret-of-some-length }]
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, sources: [local] }]
trust: [{ name: own, kind: own }]
profiles: [{ name: standard }]
rules: [{ name: staff, when: '"staff" in user.groups', effect: accept, profiles: [standard] }]
groups: [{ name: staff }]
users: [{ name: alice, password: 'correct horse: battery', groups: [staff] }]
certificateTemplates: [{ name: vpn, perHolder: 100, enrol: { groups: [staff] } }]
organization: { name: Example University, identifier: example.org }
connections:
  - name: Example VPN
    kind: vpn
    gateways: [{ address: vpn.example.org }]
    certificateTemplate: vpn
    groups: [staff]
enrolment: { httpsUrl: 'https://enrol.example.org' }
`
const CHOICE = { connection: 'Example VPN', output: 'apple-mobileconfig' }
const LINKS = 6
const EACH = 3

interface Made {
  readonly id: number
  readonly path: string
  readonly code: string
}

describe('links at two nodes', { skip: postgresMissing() ?? false }, () => {
  const folder = temporaryFolder('links-nodes-')
  const parts = new AsyncDisposableStack()
  let postgres: PostgresServer
  let nodes: readonly [Sallyport, Sallyport]

  before(async () => {
    postgres = await startPostgres({ fsync: false })
    const database = postgres.database('sallyport')
    const start = async (name: string): Promise<Sallyport> => {
      const data = join(folder.path, name)
      const args = ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1', '--database', database]
      return parts.use(await startSallyport({ data, args }))
    }
    for (const name of ['a', 'b']) mkdirSync(join(folder.path, name))
    const first = await start('a')
    copyFileSync(join(folder.path, 'a', 'keys'), join(folder.path, 'b', 'keys'))
    nodes = [first, await start('b')]
    await first.apply(DOCUMENT)
    await until('the configuration at the other node', async () => {
      const { items } = await nodes[1].api.send<{ items: unknown[] }>('GET', '/connections')
      return items.length === 1 || undefined
    })
  })
  after(async () => {
    await parts.disposeAsync()
    await postgres?.stop()
    folder[Symbol.dispose]()
  })

  /** Status of an answer; 0: none came. */
  function post(node: Sallyport, path: string, form: object, localAddress = '127.0.0.1'): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const ca = readFileSync(join(node.data, 'ca.pem'))
    const to = { host: '127.0.0.1', servername: 'localhost', port: node.enrolPort, agent: false, ca }
    const outgoing = request({ ...to, localAddress, method: 'POST', path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      answer.on('error', () => resolve(0))
    })
    outgoing.on('error', () => resolve(0))
    outgoing.end(new URLSearchParams({ ...form }).toString())
    return promise
  }
  const create = (node: Sallyport) =>
    node.api.send<Made>('POST', '/links', { user: 'alice', connections: ['Example VPN'] })
  const remove = (node: Sallyport, id: number): Promise<boolean> =>
    node.api.send('DELETE', `/links/${id}`).then(
      () => true,
      (error: Error) => {
        assert.match(error.message, /answered 404/)
        return false
      },
    )
  const certificates = async (node: Sallyport) => {
    const { items } = await node.api.send<{ items: { kind: string; status: string }[] }>(
      'GET',
      '/certificates?limit=500',
    )
    return items.filter(({ kind, status }) => kind === 'client' && status === 'issued').length
  }

  it('fail/links and codes used at both nodes at once: one file and one certificate each', async () => {
    const [first, second] = nodes
    const had = await certificates(first)
    for (let number = 0; number < LINKS; number++) {
      const { path, code } = await create(number % 2 === 0 ? first : second)
      const byCode = { ...CHOICE, code }
      const statuses = await Promise.all(
        Array.from({ length: EACH }, (_, turn) =>
          turn === 1
            ? [post(first, '/connect', byCode), post(second, '/connect', byCode)]
            : [post(first, path, CHOICE), post(second, path, CHOICE)],
        ).flat(),
      )
      assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
      assert.ok(
        statuses.every((status) => [200, 404, 429].includes(status)),
        statuses.join(),
      )
    }
    assert.equal(await certificates(second), had + LINKS)
  })

  it('fail/deleted at one node while it is used at the other: one of the two happens', async () => {
    const [first, second] = nodes
    const had = await certificates(first)
    let used = 0
    for (let number = 0; number < LINKS; number++) {
      const { path, id } = await create(first)
      const [status, deleted] = await Promise.all([
        post(second, path, CHOICE),
        // Sooner and later: who comes first is to differ.
        delay(number * 5).then(() => remove(first, id)),
      ])
      assert.equal(status, deleted ? 404 : 200)
      used += deleted ? 0 : 1
      assert.equal(await post(first, path, CHOICE), 404)
    }
    assert.equal(await certificates(second), had + used)
  })

  it('fail/one node is killed while its links are used: at the other each brings one certificate, or none', async () => {
    const [first, second] = nodes
    const had = await certificates(first)
    const links = await Promise.all(Array.from({ length: LINKS }, () => create(first)))
    const atKilled = links.map(({ path }) => post(second, path, CHOICE))
    await Promise.race(atKilled)
    await second.process.stop('SIGKILL')
    const statuses = await Promise.all(atKilled)
    for (const [index, { path }] of links.entries()) {
      const again = [await post(first, path, CHOICE), await post(first, path, CHOICE)]
      assert.ok(
        again.every((status) => status === 404 || status === 200),
        again.join(),
      )
      const files = [statuses[index], ...again].filter((status) => status === 200).length
      assert.ok(files <= 1, `${statuses[index]}, ${again}`)
    }
    const made = (await certificates(first)) - had
    assert.ok(made <= LINKS, `${made} certificates for ${LINKS} links`)
  })
})
