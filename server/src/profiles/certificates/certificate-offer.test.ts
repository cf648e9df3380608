import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateTemplateSchema, configurationSchema } from '../../config/schema.ts'
import { exampleVpn, exampleWifi } from '../testing/example-input.ts'
import { needsOwnCertificate } from './certificate-need.ts'
import { type BroughtForm, offerObstacle } from './certificate-offer.ts'

const URLS = { httpUrl: 'http://pki.example.org:8880', httpsUrl: 'https://pki.example.org:8444' }
const ON = { ...URLS, scep: { enabled: true } }
const ACME = { ...URLS, acme: { enabled: true, openTemplates: ['user'], attestationRoots: 'PEM' } }
const DEVICES = { names: 'proved', keys: { attestation: 'required' } }

function obstacle(form: BroughtForm, enrolment: object, template: object = {}, device?: string) {
  return offerObstacle(form, {
    enrolment: configurationSchema.parse({ enrolment }).enrolment,
    template: certificateTemplateSchema.parse({ name: 'user', ...template }),
    ...(device !== undefined && { device }),
  })
}

test('ok/each form is offered where its protocol is on, its URL known and its template fits', () => {
  assert.equal(obstacle('pkcs12', {}), undefined)
  assert.equal(obstacle('scep', ON), undefined)
  assert.equal(obstacle('est', URLS), undefined)
  assert.equal(obstacle('acme', ACME, DEVICES, 'F2LX1'), undefined)
})

const REFUSED: readonly (readonly [BroughtForm, object, object, string | undefined, RegExp])[] = [
  ['pkcs12', {}, { protocols: ['scep'] }, undefined, /does not name pkcs12/],
  ['pkcs12', {}, { names: 'requested' }, undefined, /names from the account/],
  ['pkcs12', {}, { keys: { attestation: 'required' } }, undefined, /device attests/],
  ['scep', URLS, {}, undefined, /scep.enabled/],
  ['scep', { scep: { enabled: true } }, {}, undefined, /httpUrl/],
  ['scep', { ...ON, scep: { enabled: true, challengeValidation: 'intune' } }, {}, undefined, /elsewhere/],
  ['scep', ON, { keys: { algorithms: ['p256'] } }, undefined, /RSA key/],
  ['scep', ON, { keys: { minimumRsaBits: 8192 } }, undefined, /RSA key/],
  ['est', { ...URLS, est: { enabled: false } }, {}, undefined, /est.enabled/],
  ['est', {}, {}, undefined, /httpsUrl/],
  ['acme', URLS, DEVICES, 'F2LX1', /acme.enabled/],
  ['acme', { ...ACME, acme: { ...ACME.acme, openTemplates: [] } }, DEVICES, 'F2LX1', /openTemplates/],
  ['acme', { ...ACME, acme: { ...ACME.acme, attestationRoots: '' } }, DEVICES, 'F2LX1', /attestationRoots/],
  ['acme', ACME, {}, 'F2LX1', /attest their key/],
  ['acme', ACME, DEVICES, undefined, /serial number/],
]

test('fail/each says what is missing', () => {
  for (const [form, enrolment, template, device, why] of REFUSED) {
    assert.match(obstacle(form, enrolment, template, device) ?? '', why, form)
  }
  const { enrolment } = configurationSchema.parse({})
  assert.match(offerObstacle('pkcs12', { enrolment, template: undefined }) ?? '', /certificateTemplate/)
})

test('ok/people need one where they log in by one; a machine brings its own', () => {
  assert.ok(needsOwnCertificate(exampleVpn().connection))
  assert.ok(!needsOwnCertificate(exampleVpn({ authentication: 'eap-mschapv2' }).connection))
  assert.ok(needsOwnCertificate(exampleWifi({ authentication: 'ttls-eap-tls' }).connection))
  assert.ok(!needsOwnCertificate(exampleWifi({ identity: 'machine' }).connection))
})
