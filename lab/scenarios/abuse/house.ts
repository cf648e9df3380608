/** The server under abuse, and what shows that it is well: a login by eapol_test, its memory, its receipts. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eapolTest } from '../../eapol-test.ts'
import { radclient } from '../../radclient.ts'
import { openServer, ServerHouse } from '../../server-house.ts'

export const SECRET = 'secret-of-both-clients'
export const PASSWORD = 'Vpn-Passw0rd!'
export const [GATEWAY, OTHER] = ['127.0.0.1', '127.0.0.2']
export const SERVER_NAME = 'radius.lab.test'

/** Two clients with one secret: what one may not do for the other is refused for its address, not its signature. */
const CONFIGURATION = `
settings: { serverName: ${SERVER_NAME} }
clients:
  - { name: gateway, address: ${GATEWAY}, secret: ${SECRET} }
  - { name: other, address: ${OTHER}, secret: ${SECRET} }
sources:
  - { name: local, kind: local, passwordStorage: nt-hash, lockout: { threshold: 0 } }
realms:
  - { name: default, default: true, sources: [local] }
rules:
  - { name: staff, when: '"Staff" in user.groups', effect: accept }
groups: [{ name: Staff }]
users: [{ name: alice, password: ${PASSWORD}, groups: [Staff] }]
`

export class AbuseHouse extends ServerHouse {
  static async open(): Promise<AbuseHouse> {
    return new AbuseHouse(await openServer({ name: 'abuse', configuration: CONFIGURATION }))
  }

  /** File of the CA above the server's certificate. */
  get authority(): string {
    return join(this.server.data, 'ca.pem')
  }

  /** A whole PEAP login by eapol_test; throws unless it succeeds. Resolves to milliseconds. */
  async login(): Promise<number> {
    const startedAt = performance.now()
    const { success, output } = await eapolTest({
      network: [
        ...['eap=PEAP', 'identity="alice"', `password="${PASSWORD}"`, 'phase2="auth=MSCHAPV2"'],
        ...[`ca_cert="${this.authority}"`, `domain_match="${SERVER_NAME}"`],
      ],
      server: { port: this.server.authPort, secret: SECRET },
      folder: this.folder,
    })
    assert.ok(success, `eapol_test could not log in:\n${output.slice(-2000)}`)
    return performance.now() - startedAt
  }

  /** One PAP login by radclient. */
  async pap(user: string, password = PASSWORD): Promise<string | undefined> {
    const attributes = [
      `User-Name = "${user}"`,
      `User-Password = "${password}"`,
      'Message-Authenticator = 0x00',
    ]
    const { code } = await radclient({
      ...{ command: 'auth', port: this.server.authPort, secret: SECRET, from: GATEWAY, attributes },
    })
    return code
  }

  /** Resident memory of the server, megabytes. */
  megabytes(): number {
    const status = readFileSync(`/proc/${this.server.process.pid}/status`, 'utf8')
    return Math.round((Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6)
  }
}
