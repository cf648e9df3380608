import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { checkTemplateReferences } from './template-references.ts'

const enrolment = { est: { template: 'laptops' }, acme: { openTemplates: ['iphones'] } }

function paths(document: object): string[] {
  // No secret stands in it that would have to be opened.
  return checkTemplateReferences(configurationSchema.parse(document) as Configuration).map(({ path }) => path)
}

test('ok/templates that are there, whatever the case of their names', () => {
  const certificateTemplates = [{ name: 'Laptops' }, { name: 'iphones', base: 'device' }]
  assert.deepEqual([paths({}), paths({ enrolment, certificateTemplates })], [[], []])
})

test('fail/a template that was taken away is warned of', () => {
  assert.deepEqual(paths({ enrolment, certificateTemplates: [{ name: 'Laptops' }] }), [
    'enrolment/acme/openTemplates',
  ])
  assert.deepEqual(paths({ enrolment }), ['enrolment/est/template', 'enrolment/acme/openTemplates'])
})
