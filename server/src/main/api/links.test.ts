import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linkNotes } from './links.ts'

const URL = 'https://pki.example.org:8444'

test('ok/a link that people can open carries no note', () => {
  assert.deepEqual(linkNotes(URL, '0.0.0.0'), [])
})

test('fail/a port that only this machine reaches is said when the link is made', () => {
  for (const address of ['127.0.0.1', '::1']) {
    assert.match(linkNotes(URL, address).join(), /only this machine.*--enrol-bind/, address)
  }
  assert.match(linkNotes(URL, undefined).join(), /switched off/)
})

test('fail/an address nobody knows', () => {
  assert.match(linkNotes(undefined, '0.0.0.0').join(), /enrolment\.httpsUrl/)
})
