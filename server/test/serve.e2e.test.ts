/** `sallyport serve` as an administrator meets it: first start, second start, a taken port, a signal. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freeTcpPort, freeUdpPort } from '@sallyport/lab/free-port'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { startSallyport } from '@sallyport/lab/sallyport'

const CLI = join(import.meta.dirname, '../src/cli/sallyport.js')
const LOOPBACK = ['--bind', '127.0.0.1']

describe('sallyport serve', () => {
  it('shows a login line that works, once; the second start has the same data', async () => {
    using folder = temporaryFolder()
    const data = folder.path
    const line = await (async () => {
      await using server = await startSallyport({ data, args: LOOPBACK })
      const output = server.process.output()
      assert.match(output, /First start/)
      const login = loginLine(output)
      const { code, output: transcript } = await runToEnd(process.execPath, [CLI, ...login])
      assert.equal(code, 0, transcript)
      return { login, ports: server }
    })()
    const { authPort, acctPort, httpsPort } = line.ports
    await using again = await startSallyport({ data, authPort, acctPort, httpsPort, args: LOOPBACK })
    assert.doesNotMatch(again.process.output(), /First start|password/)
    const { code, output } = await runToEnd(process.execPath, [CLI, ...line.login])
    assert.equal(code, 0, output)
    const log = await again.cli('log', '--user', 'demo', '--outcome', 'accept')
    assert.equal(log.output.match(/ accept /g)?.length, 2, log.output)
  })

  it('names who holds a taken port, and how to choose another', async () => {
    using folder = temporaryFolder()
    const holder = createSocket('udp4')
    holder.bind(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address()
    try {
      const [acct, https] = [String(await freeUdpPort()), String(await freeTcpPort())]
      const ports = ['--auth-port', `${port}`, '--acct-port', acct, '--https-port', https]
      const args = [CLI, 'serve', '--data', folder.path, ...LOOPBACK, ...ports]
      const { code, output } = await runToEnd(process.execPath, args)
      assert.equal(code, 1, output)
      assert.match(output, new RegExp(`Port ${port} is taken by .*${process.pid}`))
      assert.match(output, /--auth-port \d+/)
      assert.doesNotMatch(output, /First start/)
      // What is shown once was not used up by a start that failed.
      await using server = await startSallyport({ data: folder.path, args: LOOPBACK })
      const login = loginLine(server.process.output())
      const result = await runToEnd(process.execPath, [CLI, ...login])
      assert.equal(result.code, 0, result.output)
    } finally {
      holder.close()
    }
  })

  it('refuses another database engine than that of the first start', async () => {
    using folder = temporaryFolder()
    const data = folder.path
    await (async () => {
      await using _server = await startSallyport({ data, args: LOOPBACK })
    })()
    assert.equal(readFileSync(join(data, 'database-engine'), 'utf8'), 'sqlite\n')
    const args = [CLI, 'serve', '--data', data, ...LOOPBACK, '--database', 'postgres://x@127.0.0.1:1/x']
    const { code, output } = await runToEnd(process.execPath, args)
    assert.equal(code, 1, output)
    assert.match(output, /belongs to an installation whose database is SQLite.*Leave out --database/)
    // What a PostgreSQL installation with its --database forgotten looks like.
    writeFileSync(join(data, 'database-engine'), 'postgres\n')
    const forgotten = await runToEnd(process.execPath, args.slice(0, -2))
    assert.match(forgotten.output, /whose database is PostgreSQL, not SQLite\. Name it: --database/)
  })

  it('ends by SIGTERM within two seconds', async () => {
    using folder = temporaryFolder()
    await using server = await startSallyport({ data: folder.path, args: LOOPBACK })
    process.kill(server.process.pid, 'SIGTERM')
    const startedAt = performance.now()
    assert.equal(await server.process.ended, 0, server.process.output())
    assert.ok(performance.now() - startedAt < 2000)
  })
})

/** The arguments of the command that the first start shows. */
function loginLine(output: string): string[] {
  const line = /^ {2}npx sallyport (test pap .*)$/m.exec(output)?.[1]
  assert.ok(line !== undefined, output)
  return line.split(' ')
}
