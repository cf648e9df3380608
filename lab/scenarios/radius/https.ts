/** openssl s_client at the HTTPS port of the API. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { runToEnd } from '../../process.ts'
import type { LabCase } from '../../scenario.ts'
import type { RadiusHouse } from './house.ts'

export const HTTPS_CASES: readonly LabCase<RadiusHouse>[] = [
  {
    name: 'openssl s_client: the API shows a certificate of our CA for its name',
    async run(house) {
      const { code, output } = await sClient(house, '-CAfile', join(house.server.data, 'ca.pem'))
      assert.equal(code, 0, output)
      assert.match(output, /Verify return code: 0 \(ok\)/)
      assert.match(output, /TLSv1\.3/)
      return 'Verify return code: 0 (ok), TLSv1.3'
    },
  },
  {
    name: 'openssl s_client: the API refuses TLS 1.1',
    async run(house) {
      const { code, output } = await sClient(house, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')
      assert.notEqual(code, 0, output)
      assert.match(output, /alert protocol version|unsupported protocol/)
      return 'alert protocol version'
    },
  },
]

function sClient({ server }: RadiusHouse, ...args: string[]) {
  const target = [
    '-connect',
    `127.0.0.1:${server.httpsPort}`,
    '-servername',
    'localhost',
    '-verify_hostname',
    'localhost',
  ]
  return runToEnd('openssl', ['s_client', ...target, '-verify_return_error', ...args])
}
