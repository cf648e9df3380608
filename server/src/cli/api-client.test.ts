import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { issue, type LabCa, makeCa } from '../../../lab/certificates.ts'
import { temporaryFolder } from '../../../lab/process.ts'
import { writeLocalAccess } from '../admins/local-access.ts'
import { RequestError } from '../kernel/errors.ts'
import { HttpsListener } from '../listeners/https/https-listener.ts'
import { openPlayedHouse, type PlayedHouse } from '../listeners/https/testing.ts'
import { runCli } from './testing.ts'

/** The commands against the real API on a real socket. */
describe('commands over HTTPS', () => {
  const folder = temporaryFolder()
  let ca: LabCa
  let house: PlayedHouse
  let listener: HttpsListener
  let server = ''

  const tlsOf = (name: string, subjectAltName: string) => {
    const made = issue(ca, name, { commonName: name, subjectAltName, extendedKeyUsage: 'serverAuth' })
    return { cert: readFileSync(made.certificate, 'utf8'), key: readFileSync(made.key, 'utf8') }
  }
  const cli = (...args: string[]) => runCli([...args, '--server', server], { realFiles: true })
  const withToken = (role: 'viewer' | 'admin') => ['--token', house.tokens[role], '--ca', ca.certificate]

  before(async () => {
    ca = makeCa(folder.path, 'Test CA')
    house = await openPlayedHouse()
    listener = await HttpsListener.start(house.services, {
      tls: tlsOf('server', 'IP:127.0.0.1'),
      host: '127.0.0.1',
      port: 0,
    })
    server = `https://127.0.0.1:${listener.address.port}`
  })
  after(async () => {
    await listener?.close()
    await house?.close()
    folder[Symbol.dispose]()
  })

  it('ok/with a token', async () => {
    const { code, out, err } = await cli('users', ...withToken('viewer'))
    assert.equal(code, 0, err)
    assert.equal(out, 'USER   STATE   PASSWORD  GROUPS\nalice  active  argon2id  Staff')
  })

  it('ok/with the files of the data directory alone', async () => {
    writeLocalAccess(folder.path, { token: house.accounts.issueLocalToken(), server })
    const { code, out, err } = await runCli(['users', 'show', 'alice', '--data', folder.path])
    assert.equal(code, 0, err)
    assert.match(out, /^Name {10}alice$/m)
  })

  it('ok/a body of 204 and a change', async () => {
    const { code, out } = await cli('users', 'unlock', 'alice', ...withToken('admin'))
    assert.deepEqual([code, out], [0, 'alice is unlocked.'])
  })

  it('fail/a server certificate of an unknown CA gets no token', async () => {
    const { code, err } = await cli('users', '--token', house.tokens.admin, '--data', '/nowhere')
    assert.equal(code, 1)
    assert.match(err, /is not trusted .*--ca FILE/)
  })

  it('fail/a certificate for another name', async () => {
    listener.replaceCertificate(tlsOf('other', 'DNS:radius.example.org'))
    try {
      const { code, err } = await cli('users', ...withToken('admin'))
      assert.equal(code, 1)
      assert.match(err, /is for another name/)
    } finally {
      listener.replaceCertificate(tlsOf('again', 'IP:127.0.0.1'))
    }
    assert.equal((await cli('users', ...withToken('admin'))).code, 0, 'the new certificate serves at once')
  })

  it('fail/a token the server does not know', async () => {
    const { code, err } = await cli('users', '--token', 'sp_nonsense', '--ca', ca.certificate)
    assert.deepEqual([code, err], [1, 'The server does not accept the token from --token.'])
  })

  it('fail/a refusal that says what to do', async () => {
    const { code, err } = await cli('ca', 'switch', ...withToken('admin'))
    assert.deepEqual([code, err], [1, '2 of 3 were not handed it.\nNext: Caller: wait.'])
  })

  it('fail/a role too small', async () => {
    const { code, err } = await cli('users', 'delete', 'alice', ...withToken('viewer'))
    assert.deepEqual([code, err], [1, 'This needs the role operator; yours is viewer.'])
  })

  it('fail/a name that is not there, also one with a slash', async () => {
    const { code, err } = await cli('users', 'show', 'a/../b', ...withToken('viewer'))
    assert.deepEqual([code, err], [1, 'There is no user "a/../b".'])
  })

  it('fail/an apply whose base moved meanwhile', async () => {
    const { services } = house
    const apply = async () => {
      throw new RequestError('version-conflict', 'The configuration is at version 8; this was made for 7.')
    }
    const moved = await HttpsListener.start(
      { ...services, configuration: { ...services.configuration, apply } },
      { tls: tlsOf('moved', 'IP:127.0.0.1'), host: '127.0.0.1', port: 0 },
    )
    try {
      const { code, err } = await runCli(
        [
          'apply',
          '-f',
          'x.yaml',
          '--server',
          `https://127.0.0.1:${moved.address.port}`,
          '--data',
          folder.path,
        ],
        { files: { 'x.yaml': 'clients: []' } },
      )
      assert.deepEqual([code, err], [1, 'The configuration is at version 8; this was made for 7.'])
    } finally {
      await moved.close()
    }
  })
})
