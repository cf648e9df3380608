/** Mail handed to aiosmtpd, an SMTP server that is none of ours. */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import type { MailConfiguration } from '../src/config/schema.ts'
import { mailSchema } from '../src/config/sections/mail.ts'
import { DAY } from '../src/enrolment/authority.ts'
import { FakeClock } from '../src/kernel/clock.ts'
import { Logging } from '../src/kernel/logging.ts'
import { MailMarkStore } from '../src/mail/mark-store.ts'
import { sendMail } from '../src/mail/send-mail.ts'
import { ExpiryMailing } from '../src/main/enrolment/expiry-mailing.ts'
import { forEachEngine } from '../src/store/testing.ts'

interface Taken {
  readonly tls: boolean
  readonly from: string
  readonly to: readonly string[]
  readonly content: string
}

const skip = skipReason('python3-aiosmtpd', 'openssl')

describe('mail to aiosmtpd', { skip, timeout: 60_000 }, () => {
  let folder = ''
  let ca = ''
  const children: ChildProcess[] = []
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mail-'))
    const [key, out] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'
    const san = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', out]
    execFileSync('openssl', [...words.split(' '), ...san], { stdio: 'ignore' })
    ca = readFileSync(out, 'utf8')
  })
  after(() => {
    for (const child of children) child.kill()
    rmSync(folder, { recursive: true, force: true })
  })

  async function smtp(mode: MailConfiguration['security']) {
    const args = ['starttls', 'tls'].includes(mode) ? [mode] : ['none']
    const script = join(import.meta.dirname, 'smtp-server.py')
    const child = spawn('/usr/bin/python3', [
      script,
      ...args,
      join(folder, 'cert.pem'),
      join(folder, 'key.pem'),
    ])
    children.push(child)
    const taken: Taken[] = []
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`aiosmtpd ended: ${code}`)))
      createInterface(child.stdout).on('line', (line) => {
        if (line.startsWith('{')) taken.push(JSON.parse(line))
        else resolve(Number(line))
      })
    })
    const common = { name: 'ops', server: 'localhost', port, from: 'ca@example.org', to: ['ops@example.org'] }
    return { taken, entry: { ...common, security: mode } as const, child }
  }
  const account = { user: 'sallyport', password: 'mail password' }
  const mail = { subject: 'Ends\r\nBcc: evil@example.org', text: 'One\n' }
  const until = async (isSo: () => boolean) => {
    for (let tries = 0; tries < 15 && !isSo(); tries++) await new Promise((next) => setTimeout(next, 20))
  }

  it('ok/by STARTTLS with a password, and a subject stays one line', async () => {
    const { taken, entry } = await smtp('starttls')
    await sendMail({ ...entry, ...account, ca }, mail)
    await until(() => taken.length > 0)
    assert.deepEqual(
      [taken[0]?.tls, taken[0]?.from, taken[0]?.to],
      [true, 'ca@example.org', ['ops@example.org']],
    )
    assert.match(taken[0]?.content ?? '', /^Subject: Ends Bcc: evil@example\.org\r$/m)
    assert.doesNotMatch(taken[0]?.content ?? '', /^Bcc:/m)
  })

  it('ok/by TLS from the first octet', async () => {
    const { taken, entry } = await smtp('tls')
    await sendMail({ ...entry, ca }, mail)
    await until(() => taken.length > 0)
    assert.equal(taken.length, 1)
  })

  it('fail/nothing goes to a server with an unknown certificate, another name, or without STARTTLS', async () => {
    const [starttls, tls, none] = [await smtp('starttls'), await smtp('tls'), await smtp('none')]
    await assert.rejects(sendMail({ ...starttls.entry, ...account }, mail), /self-signed/)
    await assert.rejects(sendMail({ ...tls.entry }, mail), /self-signed/)
    await assert.rejects(sendMail({ ...tls.entry, server: '127.0.0.1', ca }, mail), /altnames/)
    await assert.rejects(sendMail({ ...none.entry, security: 'starttls', ca }, mail), /STARTTLS|TLS/)
    await assert.rejects(sendMail({ ...starttls.entry, user: 'x', password: 'y', ca }, mail), /login|auth/i)
    assert.deepEqual([...starttls.taken, ...tls.taken, ...none.taken], [])
  })

  it('fail/an address that would end its header line is refused', () => {
    const entry = { name: 'ops', server: 'mail.test', from: 'ca@example.org', to: ['ops@example.org'] }
    assert.equal(mailSchema.safeParse(entry).success, true)
    for (const bad of [
      'a@example.org\nBcc: b@example.org',
      'a\r@example.org',
      'a@b.org,c@d.org',
      'A <a@b.org>',
    ]) {
      assert.equal(mailSchema.safeParse({ ...entry, to: [bad] }).success, false)
      assert.equal(mailSchema.safeParse({ ...entry, from: bad }).success, false)
    }
    assert.equal(mailSchema.safeParse({ ...entry, ...account, security: 'none' }).success, false)
  })

  forEachEngine(({ open }) => {
    it('ok/one mail for each step, none twice after a restart, and one that failed is sent later', async () => {
      const [reader, clock] = [await open(), new FakeClock()]
      const { taken, entry } = await smtp('none')
      const marks = new MailMarkStore(reader.kysely)
      const end = { kind: 'server certificate' as const, name: 'x', fingerprint: 'f' }
      const ending = { ...end, subject: 'CN=a\r\nSubject: b', notAfter: clock.now() + 13.5 * DAY }
      let port = 1
      const start = () =>
        new ExpiryMailing({
          ...{ reader, marks, clock, endings: () => [ending], host: 'test' },
          mail: () => [{ ...entry, port }],
          log: new Logging({ clock, level: 'silent' }).for('pki'),
        })
      const first = start()
      await first.run()
      assert.match(first.warnings().join(), /^Mail "ops" could not be sent: /)
      port = entry.port
      await first.run()
      await first.close()
      const runs: number[] = []
      for (let day = 0; day < 15; day++) {
        const again = start()
        await again.run()
        assert.deepEqual(again.warnings(), [])
        await again.close()
        await until(() => taken.length > runs.length + 1)
        if (taken.length > runs.length + 1) runs.push(day)
        clock.advance(DAY)
      }
      assert.deepEqual(runs, [7, 13, 14])
      assert.match(taken[0]?.content ?? '', /^- .*server certificate "x", CN=a Subject: b\r$/m)
    })
  })
})
