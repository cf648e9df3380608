import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { EapType, gtcServer, md5Server, mschapV2Server } from '../src/index.ts'
import { eapolTest, withoutEapolTest } from './eapol.ts'
import { PasswordVerifier } from './password-verifier.ts'
import { startRadius } from './radius-harness.ts'

const PASSWORD = 'Vpn-Passw0rd!'
/** `-n`: these methods derive no keys, or none that eapol_test knows. */
const WITHOUT_KEYS = ['-n']

suite('eapol_test, methods without a tunnel', { skip: withoutEapolTest() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-eap-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  async function start(verifier = new PasswordVerifier('vpn-user', PASSWORD)) {
    const methods = new Map([
      [EapType.Md5Challenge, md5Server({ verifier })],
      [EapType.Gtc, gtcServer({ verifier })],
      [EapType.MsChapV2, mschapV2Server({ verifier })],
    ])
    // MSCHAPv2 is proposed first: the other two have to be asked for with a Nak.
    const offer = () => [EapType.MsChapV2, EapType.Gtc, EapType.Md5Challenge]
    return startRadius({ eap: { methods, offer } })
  }

  const network = (method: string, password = PASSWORD, identity = 'vpn-user') => [
    `eap=${method}`,
    `identity="${identity}"`,
    `password="${password}"`,
  ]

  const good: Readonly<Record<string, readonly [network: readonly string[], args: readonly string[]]>> = {
    'ok/md5 after a Nak': [network('MD5'), WITHOUT_KEYS],
    'ok/gtc after a Nak': [network('GTC'), WITHOUT_KEYS],
    'ok/mschapv2, keys match': [network('MSCHAPV2'), []],
    'ok/mschapv2 as DOMAIN\\user': [network('MSCHAPV2', PASSWORD, 'CORP\\vpn-user'), []],
  }
  for (const [label, [config, args]] of Object.entries(good)) {
    test(label, async () => {
      const radius = await start()
      try {
        const run = await eapolTest(radius, folder, config, args)
        assert.ok(run.success, `${JSON.stringify(radius.ended)}\n${run.output.slice(-4000)}`)
        if (args.length === 0) assert.equal(run.keys, 'MPPE keys OK: 1  mismatch: 0')
      } finally {
        await radius.close()
      }
    })
  }

  for (const method of ['MD5', 'GTC', 'MSCHAPV2']) {
    test(`fail/${method} with the wrong password`, async () => {
      const verifier = new PasswordVerifier('vpn-user', PASSWORD)
      verifier.wrong = { code: 691, retry: false, message: 'Wrong' } // nobody is there to type another
      const radius = await start(verifier)
      try {
        const run = await eapolTest(radius, folder, network(method, 'wrong'), [...WITHOUT_KEYS, '-t', '4'])
        assert.equal(run.success, false)
        const [end] = radius.ended
        assert.ok(end?.kind === 'failure' && end.reason.code === 'refused', run.output.slice(-3000))
      } finally {
        await radius.close()
      }
    })
  }

  test('fail/a disabled account: eapol_test reads our E=647', async () => {
    const verifier = new PasswordVerifier('vpn-user', PASSWORD)
    verifier.error = { code: 647, retry: false, message: 'Account disabled' }
    const radius = await start(verifier)
    try {
      const run = await eapolTest(radius, folder, network('MSCHAPV2'), ['-t', '4'])
      assert.equal(run.success, false)
      assert.match(run.output, /error 647/)
      assert.match(run.output, /Account disabled/)
    } finally {
      await radius.close()
    }
  })

  test('fail/a method we do not offer', async () => {
    const radius = await start()
    try {
      const run = await eapolTest(
        radius,
        folder,
        ['eap=PWD', 'identity="vpn-user"', 'password="x"'],
        ['-t', '4'],
      )
      assert.equal(run.success, false)
      const [end] = radius.ended
      assert.ok(end?.kind === 'failure' && end.reason.code === 'nak-to-forbidden-method')
      assert.deepEqual(end.reason.detail, { offered: '26,6,4', wanted: '52' })
    } finally {
      await radius.close()
    }
  })
})
