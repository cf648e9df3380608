import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { checkChallengeValidators } from './validator-check.ts'

function problems(document: object): string[] {
  // No secret stands in it that would have to be opened.
  const configuration = configurationSchema.parse(document) as Configuration
  return checkChallengeValidators(configuration).map(({ path, code }) => `${path} ${code}`)
}

const mdm = { name: 'mdm', url: 'https://mdm.example.org', template: 'phones' }
const phones = { name: 'phones', base: 'device' }

test('ok/a validator that is there, for a template that is there', () => {
  const enrolment = { scep: { challengeValidation: 'mdm' } }
  assert.deepEqual(problems({}), [])
  assert.deepEqual(problems({ enrolment, challengeValidators: [mdm], certificateTemplates: [phones] }), [])
})

test('fail/a validator or a template that is not there, and one called own', () => {
  assert.deepEqual(problems({ enrolment: { scep: { challengeValidation: 'mdm' } } }), [
    'enrolment/scep/challengeValidation unknown-validator',
  ])
  assert.deepEqual(problems({ challengeValidators: [mdm] }), [
    'challengeValidators/mdm/template unknown-template',
  ])
  assert.deepEqual(
    problems({ challengeValidators: [{ ...mdm, name: 'own' }], certificateTemplates: [phones] }),
    ['challengeValidators/own/name reserved-name'],
  )
})
