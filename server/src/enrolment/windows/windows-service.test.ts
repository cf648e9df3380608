import assert from 'node:assert/strict'
import { test } from 'node:test'
import { windowsSchema } from '../../config/sections/enrolment/windows.ts'
import { Logging } from '../../kernel/logging.ts'
import { reason } from '../../reasons/index.ts'
import type { EnrolmentIdentity, IdentityAnswer } from '../registration/requester.ts'
import { ALICE, LAPTOP, openRegistrationBench, template } from '../registration/testing.ts'
import type { Endpoint } from './endpoint.ts'
import { WindowsService } from './windows-service.ts'

const CEP: Endpoint = { service: 'policy', authentication: 'password', isRenewal: false }
const HOUR = 3_600_000

async function house(settings: object = {}) {
  const bench = await openRegistrationBench(
    template({ name: 'User' }),
    template({ name: 'Computer', base: 'computer' }),
    template({ name: 'Proved', names: 'proved' }),
    template({ name: 'Elsewhere', protocols: ['est'] }),
  )
  const { clock, registration, authority, certificates } = bench
  let answer: IdentityAnswer = { kind: 'known', identity: ALICE }
  let url: string | undefined = 'https://pki.example.org'
  const configured = windowsSchema.parse(settings)
  const service = new WindowsService({
    ...{ registration, authority, clock },
    identities: {
      authenticate: async () => answer,
      find: async () => answer,
      byId: async () => answer,
    },
    own: {
      issuers: () => authority.issuers.map(({ certificate }) => certificate),
      find: (serial) => certificates.find(serial),
    },
    templates: () => bench.templates,
    settings: () => configured,
    url: () => url,
    log: new Logging({ clock, level: 'silent' }).for('pki'),
  })
  const policies = async (lastUpdate = '', endpoint = CEP) =>
    service.answer(endpoint, { from: '192.0.2.1', body: Buffer.from(getPolicies(lastUpdate)) })
  return {
    ...{ service, clock, policies },
    become: (identity: EnrolmentIdentity) => {
      answer = { kind: 'known', identity }
    },
    say: (said: IdentityAnswer) => {
      answer = said
    },
    move: (to: string | undefined) => {
      url = to
    },
  }
}

function getPolicies(lastUpdate: string): string {
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"
 xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><s:Header>
<a:Action>http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy/IPolicy/GetPolicies</a:Action>
<a:MessageID>urn:uuid:1</a:MessageID><o:Security><o:UsernameToken><o:Username>alice</o:Username><o:Password>x</o:Password>
</o:UsernameToken></o:Security></s:Header><s:Body>
<GetPolicies xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy"><client><lastUpdate>${lastUpdate}</lastUpdate>
</client></GetPolicies></s:Body></s:Envelope>`
}

const named = (body: string) => [...body.matchAll(/<commonName>(\w+)</g)].map(([, name]) => name)

test('ok/people see templates of people, computers those of computers', async () => {
  const it = await house()
  assert.deepEqual(named((await it.policies()).body), ['User'])
  it.become(LAPTOP)
  assert.deepEqual(named((await it.policies()).body), ['Computer'])
})

test('ok/who has the policies of now is not sent them again; after a change everybody is', async () => {
  const it = await house()
  await it.policies()
  const at = (hours: number) => new Date(it.clock.now() + hours * HOUR).toISOString()
  it.clock.advance(2 * HOUR)
  assert.match((await it.policies(at(-1))).body, /<policiesNotChanged>true</)
  assert.match((await it.policies('0001-01-01T00:00:00')).body, /<commonName>User</)
  assert.match((await it.policies(at(-3))).body, /<commonName>User</)
  // The account lost its group: what it may enrol is another thing now.
  it.become({ ...ALICE, groups: [] })
  assert.doesNotMatch((await it.policies(at(-1))).body, /policiesNotChanged>true|<commonName>/)
})

test('fail/a refusal and a silence of the directory are two things, and neither tells anything', async () => {
  const it = await house()
  it.say({ kind: 'refused', reason: reason('wrong-password', { user: 'alice' }) })
  const refused = await it.policies()
  assert.equal(refused.status, 500)
  assert.match(refused.body, /FailedAuthentication/)
  it.say({ kind: 'unavailable', reason: reason('store-unavailable', {}) })
  const silent = await it.policies()
  assert.match(silent.body, /s:Receiver/)
  assert.doesNotMatch(silent.body, /FailedAuthentication/)
  for (const { body } of [refused, silent]) assert.doesNotMatch(body, /commonName|alice/)
})

test('fail/what is switched off, or has no address, is not offered', async () => {
  const it = await house({ password: false, keyBasedRenewal: false })
  const offers = (authentication: Endpoint['authentication'], isRenewal = false) =>
    it.service.offers({ service: 'policy', authentication, isRenewal })
  assert.deepEqual(
    (['kerberos', 'password', 'certificate', 'anonymous'] as const).map((one) => offers(one)),
    [false, false, true, false],
  )
  assert.equal(offers('certificate', true), false)
  it.move(undefined)
  assert.equal(offers('certificate'), false)
})
