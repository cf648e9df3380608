import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../lab/process.ts'
import { writeLocalAccess } from '../admins/local-access.ts'
import { COMMANDS } from './commands/index.ts'
import { runCli } from './testing.ts'

describe('command line', () => {
  it('ok/help names every command', async () => {
    const { code, out } = await runCli(['help'])
    assert.equal(code, 0)
    for (const { name, summary } of COMMANDS) assert.ok(out.includes(name) && out.includes(summary), name)
    assert.deepEqual(await runCli(['--help']), await runCli(['help']))
  })

  it('fail/nothing typed shows the help and is a usage error', async () => {
    const { code, out } = await runCli([])
    assert.equal(code, 2)
    assert.match(out, /Usage: npx sallyport COMMAND/)
  })

  it('fail/an unknown command, with what was meant', async () => {
    assert.deepEqual(await runCli(['aply']), {
      code: 2,
      out: '',
      err: 'There is no command "aply". Did you mean "apply"?\nSee: npx sallyport help',
    })
  })

  it('fail/an unknown flag, with what was meant', async () => {
    assert.deepEqual(await runCli(['apply', '--dry-rum']), {
      code: 2,
      out: '',
      err: 'apply has no flag --dry-rum. Did you mean --dry-run?\nSee: npx sallyport apply --help',
    })
  })

  for (const [args, message] of [
    [['apply', '-f'], /-f needs a value: -f FILE/],
    [['apply'], /--file is missing/],
    [['apply', '--dry-run=yes'], /--dry-run takes no value/],
    [['explain'], /Which one\? npx sallyport explain ID/],
    [['explain', '13801'], /no id of a decision.* npx sallyport explain --client-error 13801/],
    [['explain', 'jürgen müller'], /npx sallyport explain --user "jürgen müller"/],
    [['log', '--outcome', 'rejekt'], /takes accept, reject, drop, not "rejekt"\. Did you mean reject\?/],
    [
      ['links', 'create', '--user', 'u', '--connection', 'c', '--system', 'win'],
      /--system takes windows, apple/,
    ],
    [['links', 'create', '--user', 'u', '--connection', 'c', '--language', 'fr'], /--language takes en, ru/],
    [['explain', 'a', 'b'], /"b" is one argument too many/],
    [['log', '--limit', 'many'], /--limit takes a number from 1 to 500, not "many"/],
    [['log', '--limit', '-1'], /--limit/],
    [['users', 'marry', 'alice'], /users cannot "marry"/],
    [['users', 'constructor', 'alice'], /users cannot "constructor"/],
    [['users', 'add'], /Which one\? npx sallyport users add NAME/],
    [['certificates', 'burn', '4a01'], /certificates cannot "burn"/],
    [['certificates', 'issue'], /--user is missing/],
    [['certificates', 'issue', 'alice'], /"alice" is one argument too many/],
    [['certificates', 'issue', '--user', 'alice', '--days', '731'], /--days takes a number from 1 to 730/],
    [['certificates', 'revoke'], /Which one\?/],
    [['rollback', 'x7', '--token', 't'], /"x7" is no version number/],
    [['clients', 'rotate'], /Which one\?/],
    [['clients', 'adopt', '192.0.2.7'], /--name is missing/],
    [['clients', 'adopt', '192.0.2.7', '--name', 'x', '--vendor', 'acme'], /no vendor "acme"/],
    [['macs', 'fly', '0a1b2c3d4e5f'], /macs cannot "fly"/],
    [['macs', 'add'], /Which one\?/],
    [['test', 'mab', '--secret', 's', '--user', 'alice'], /takes the MAC address/],
    [['log-level', 'eap'], /Which level\?/],
    [['test', 'carrier-pigeon', '--secret', 's', '--user', 'u'], /no method "carrier-pigeon"/],
    [['test', 'pap', '--secret', '', '--user', 'u'], /must not be empty/],
    [['test', 'pap', '--secret', 's'], /--user is missing/],
    [['test', 'eap-tls', '--secret', 's', '--user', 'u', '--ca', 'ca.pem'], /needs a client certificate/],
    [['test', 'peap', '--secret', 's', '--user', 'u', '--password', 'p', '--data', '/nowhere'], /--ca FILE/],
    [['test', 'directory'], /Which source\?/],
    [['test', 'directory', 'ad', '--user', 'u', '--password', 'p'], /seen by everybody on this machine/],
    [['test', 'pap', 'ad', '--secret', 's', '--user', 'u'], /"ad" is one argument too many/],
    [['test', 'pap', '--port', '70000', '--secret', 's', '--user', 'u'], /--port takes a number/],
    [['users', '__proto__'], /users cannot/],
    [['users', '--__proto__'], /no flag/],
  ] as const) {
    it(`fail/${args.join(' ')} is a usage error`, async () => {
      const { code, err } = await runCli(args, { files: { 'ca.pem': '' } })
      assert.match(err, message)
      assert.equal(code, 2)
    })
  }

  it('ok/--help of every command shows its usage, flags and examples', async () => {
    for (const command of COMMANDS) {
      const { code, out } = await runCli([command.name, '--help'])
      assert.equal(code, 0)
      assert.ok(out.includes(`Usage: npx sallyport ${command.name}`), command.name)
      for (const flag of Object.keys(command.flags)) assert.ok(out.includes(`--${flag}`), flag)
      assert.deepEqual(await runCli(['help', command.name]), { code, out, err: '' })
    }
  })

  it('ok/the help texts are those that were read last (--test-update-snapshots writes them)', async (t) => {
    const texts: string[] = []
    for (const command of COMMANDS) texts.push((await runCli([command.name, '--help'])).out)
    t.assert.snapshot(texts.join('\n\n'), { serializers: [String] })
  })

  it('ok/no line of help is wider than a terminal of 110 columns', async () => {
    for (const { name } of COMMANDS) {
      for (const line of (await runCli([name, '--help'])).out.split('\n')) {
        assert.ok(line.length <= 110, `${name}: ${line}`)
      }
    }
  })

  it('fail/a data directory without a server', async () => {
    const { code, err } = await runCli(['users'], { env: { SALLYPORT_DATA: '/nowhere' } })
    assert.equal(code, 1)
    assert.match(err, /There is no server data in \/nowhere\. .*\(npm start -- --data \/nowhere\)/)
  })

  it('fail/the server of a data directory has ended', async () => {
    using folder = temporaryFolder()
    const data = folder.path
    writeLocalAccess(data, { token: 't', server: 'https://127.0.0.1:1' })
    const { code, err } = await runCli(['users', '--data', data])
    assert.equal(code, 1)
    assert.match(err, new RegExp(`Start it with: npm start -- --data ${data}$`))
  })

  it('fail/plain http is refused before a token is sent', async () => {
    const { code, err } = await runCli(['users', '--server', 'http://127.0.0.1:1', '--token', 't'])
    assert.equal(code, 1)
    assert.match(err, /no https:\/\/ address/)
  })

  it('fail/nobody listens', async () => {
    const { code, err } = await runCli(['users', '--server', 'https://127.0.0.1:1', '--token', 't'])
    assert.equal(code, 1)
    assert.equal(err, 'No server at https://127.0.0.1:1. Is it running? Start it with: npm start')
  })
})
