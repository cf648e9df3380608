import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintAboutPattern } from './pattern.ts'

test('ok/patterns administrators write', () => {
  for (const pattern of [
    '^vpn-[0-9]+$',
    '^(vpn|wifi)-.*@example\\.org$',
    '^.+@.+[.]example[.]org$',
    '[.]corp$',
    'admin',
    '^([0-9a-f]{2}-){5}'.replace('{2}', '[0-9a-f]'),
    '^(?:host/)?[a-z0-9.-]+$',
    '^\\(x\\)+$',
    '^[(+*)]+$',
    '^(a)+$',
  ]) {
    assert.equal(complaintAboutPattern(pattern), undefined, pattern)
  }
})

test('fail/patterns that hostile text can make slow, and broken ones', () => {
  for (const pattern of [
    '.*[.].*[.]corp$',
    '\\d+\\d+\\d+\\d+$',
    '^a{1,500}a{1,500}a{1,500}$',
    '^(.*)\\1\\1\\1$',
    '^(?<x>a*)\\k<x>$',
    '(a+)+$',
    '(a|a)*$',
    '(.*a){20}',
    '(a?){30}a{30}',
    '((a+)b?)*',
    '(?:x(?:a|ab))+$',
    '(',
    '*',
  ]) {
    assert.notEqual(complaintAboutPattern(pattern), undefined, pattern)
  }
})
