/** What is told when a file cannot be made is read by viewers, by people at the page of a link, and in the log. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RequestError } from '../kernel/errors.ts'
import { CLIENT_OUTPUTS } from './client-outputs.ts'
import { findingsOf, makeFiles } from './make-files.ts'
import { exampleVpn } from './testing/example-input.ts'
import { UnwritableText } from './unwritable-text.ts'

const KEY = 'swordfish-of-everybody'

describe('a text no form can carry', () => {
  it('ok/the character is named, the text is not', () => {
    const { message, values } = new UnwritableText(`${KEY}\n`, 'a page')
    assert.equal(message, 'A text with U+000A cannot stand in a page.')
    assert.deepEqual(values, { format: 'a page' })
    assert.equal(new UnwritableText(KEY, 'a page').message, 'A text of 22 characters cannot stand in a page.')
  })

  it('fail/a shared key that cannot be written is in no finding and no error, whatever the form', () => {
    let told = 0
    for (const tail of ['\n', '\u0007', '\u200e', '\u202e', '\u2028', '\ud83d']) {
      const written = { tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk', authentication: 'mschapv2' }
      const input = exampleVpn({ ...written, preSharedKey: KEY + tail })
      for (const output of CLIENT_OUTPUTS) {
        assert.ok(!JSON.stringify(findingsOf(output, input)).includes(KEY), output.id)
        try {
          makeFiles(output, input)
        } catch (error) {
          assert.ok(error instanceof RequestError, String(error))
          assert.ok(!JSON.stringify([error.message, error.values, error.stack]).includes(KEY), output.id)
          told++
        }
      }
    }
    assert.ok(told > 50, `${told}`)
  })
})
