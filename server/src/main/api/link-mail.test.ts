import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema, type MailConfiguration } from '../../config/schema.ts'
import { ALICE } from '../../enrolment/registration/testing.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Mail } from '../../mail/send-mail.ts'
import { linkMail } from './link-mail.ts'

const mail = [
  { name: 'office', server: 'mx.example.org', from: 'pki@example.org', to: ['admins@example.org'] },
]
const enrolment = { httpsUrl: 'https://pki.example.org:8444' }
const configured = (document: object) => configurationSchema.parse(document) as unknown as Configuration // no secrets
const LINK = {
  url: 'https://pki.example.org:8444/connect/TOKEN',
  connections: ['VPN'],
  until: 0,
  language: undefined,
}

test('ok/the link goes to the person alone, in their language', async () => {
  const sent: [MailConfiguration, Mail][] = []
  const post = linkMail(configured({ mail, enrolment, organization: { language: 'de' } }), ALICE)
  await post.send(LINK, async (...one) => void sent.push(one))
  const [[settings, { subject, text }] = assert.fail()] = sent
  assert.deepEqual(
    [settings.to, settings.from, post.to],
    [['alice@example.org'], 'pki@example.org', 'alice@example.org'],
  )
  assert.equal(subject, 'Ihre Verbindung: VPN')
  assert.match(text, /Guten Tag Alice Example,[\s\S]*connect\/TOKEN\n/)
  assert.doesNotMatch(text, /[{}]/)
})

test('fail/no entry, no address of the pages, no address of the person, or one that is several', () => {
  const refused = (document: object, identity = ALICE) =>
    assert.throws(
      () => linkMail(configured(document), identity),
      (error: unknown) => error instanceof RequestError && error.code === 'mail-not-possible',
    )
  refused({ enrolment })
  refused({ mail })
  const { email: _, ...without } = ALICE
  refused({ mail, enrolment }, without as typeof ALICE)
  for (const email of [
    'a@b.example, c@d.example',
    'a@b.example\nBcc: c@d.example',
    '<a@b.example>',
    'nobody',
  ]) {
    refused({ mail, enrolment }, { ...ALICE, email })
  }
})

test('fail/a display name of a directory starts no line of its own', async () => {
  const post = linkMail(configured({ mail, enrolment }), {
    ...ALICE,
    displayName: 'A\r\nhttps://evil.example',
  })
  const sent: Mail[] = []
  await post.send(LINK, async (_, one) => void sent.push(one))
  assert.doesNotMatch(sent[0]?.text ?? '', /^https:\/\/evil/m)
})
