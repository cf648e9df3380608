import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../../../../lab/process.ts'
import { runCli } from '../testing.ts'

describe('init vpn', () => {
  it('ok/prints the document', async () => {
    const { code, out } = await runCli(['init', 'vpn', '--address', '192.0.2.10', '-o', '-'])
    assert.equal(code, 0)
    assert.match(out, /address: 192\.0\.2\.10/)
    assert.match(out, /generate: true/)
  })

  it('ok/writes a file once; fail/it is not overwritten without --force', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'vpn.yaml')
    const args = ['init', 'vpn', '--address', '192.0.2.10', '-o', file]
    assert.equal((await runCli(args)).code, 0)
    const again = await runCli([...args, '--name', 'other-gateway'])
    assert.equal(again.code, 1)
    assert.match(again.err, /is there already/)
    assert.doesNotMatch(readFileSync(file, 'utf8'), /other-gateway/)
    assert.equal((await runCli([...args, '--name', 'other-gateway', '--force'])).code, 0)
    assert.match(readFileSync(file, 'utf8'), /other-gateway/)
  })

  for (const address of ['999.1.1.1', '192.0.2.0/33', '192.0.2.1/24', 'not a host', '2001:db8::1%eth0']) {
    it(`fail/${address} is no address of a gateway`, async () => {
      const { code, out, err } = await runCli(['init', 'vpn', '--address', address, '-o', '-'])
      assert.match(err, /^--address /)
      assert.deepEqual({ code, out }, { code: 2, out: '' })
    })
  }

  it('fail/an unknown vendor', async () => {
    const args = ['init', 'vpn', '--address', '192.0.2.10', '--vendor', 'acme', '-o', '-']
    const { code, err } = await runCli(args)
    assert.match(err, /--vendor takes one of other, /)
    assert.equal(code, 2)
  })

  it('fail/no address; an unknown set-up', async () => {
    assert.match((await runCli(['init', 'vpn'])).err, /Where is the gateway\?/)
    assert.deepEqual(await runCli(['init', 'moon']), {
      code: 2,
      out: '',
      err: 'There is no set-up "moon". There is: vpn',
    })
  })
})
