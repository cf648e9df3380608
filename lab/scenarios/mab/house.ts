/** The server, a MAC store, and RADIUS clients with the habits of several vendors, each at an address of its own. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EapolResult, eapolTest } from '../../eapol-test.ts'
import { MESSAGE_AUTHENTICATOR, type RadclientReply, radclient } from '../../radclient.ts'
import { openServer, ServerHouse } from '../../server-house.ts'
import { until } from '../../until.ts'

export const PASSWORD = 'Vpn-Passw0rd!'
export const SECRET = 'secret-of-every-switch'

/** In the MAC store. */
export const PRINTER = '0a1b2c3d4e5f'
/** The name and the password of a user: no address of the store. */
export const USER_MAC = '0200000000aa'

export const SWITCHES = {
  /** Cisco: Service-Type Call-Check. */
  cisco: { address: '127.0.0.2', macAuthentication: '{ recognise: call-check }' },
  /** HP, Aruba, Juniper, hostapd: the name is the password. */
  hp: { address: '127.0.0.3', macAuthentication: '{ recognise: user-name-is-mac }' },
  /** MikroTik as it comes: no password, and colons. */
  mikrotik: {
    address: '127.0.0.4',
    macAuthentication: '{ recognise: user-name-is-mac, formats: [colon], blankPassword: true }',
  },
  /** Where `sallyport test` asks from. */
  here: { address: '127.0.0.1', macAuthentication: '{ recognise: call-check }' },
  gateway: { address: '127.0.0.5', macAuthentication: '{ recognise: off }' },
} as const

export type Switch = keyof typeof SWITCHES

const CONFIGURATION = `
clients:
${Object.entries(SWITCHES)
  .map(
    ([name, { address, macAuthentication }]) =>
      `  - { name: ${name}, address: ${address}, secret: ${SECRET}, macAuthentication: ${macAuthentication} }`,
  )
  .join('\n')}
sources:
  - { name: local, kind: local, passwordStorage: reversible }
realms:
  - { name: default, default: true, sources: [local] }
profiles:
  - { name: printers, vlan: 70 }
rules:
  - { name: printers, when: '"Printers" in mac.groups', methods: { outer: [mab] }, effect: accept, profiles: [printers] }
  - { name: users, when: '"Staff" in user.groups', effect: accept }
groups: [{ name: Staff }]
users:
  - { name: alice, password: ${PASSWORD}, groups: [Staff] }
  - { name: '${USER_MAC}', password: '${USER_MAC}', groups: [Staff] }
macs:
  - { mac: '0A-1B-2C-3D-4E-5F', description: Printer, groups: [Printers] }
  - { mac: '02-00-00-00-00-02', description: Not a printer, groups: [Cameras] }
  - { mac: '02-00-00-00-00-03', groups: [Printers], disabled: true }
  - { mac: '02-00-00-00-00-04', groups: [Printers], expiresAt: '2020-01-01T00:00:00Z' }
`

export class MabHouse extends ServerHouse {
  static async open(): Promise<MabHouse> {
    return new MabHouse(await openServer({ name: 'mab', configuration: CONFIGURATION }))
  }

  /** One request by radclient. */
  async ask(from: Switch, ...attributes: readonly string[]): Promise<RadclientReply> {
    return await radclient({
      command: 'auth',
      port: this.server.authPort,
      secret: SECRET,
      from: SWITCHES[from].address,
      attributes: [...attributes, MESSAGE_AUTHENTICATOR],
    })
  }

  /** eapol_test as the device behind a port; `mac` with colons becomes Calling-Station-Id. */
  async eap(
    from: Switch,
    mac: string,
    network: readonly string[],
    attributes: readonly string[] = [],
  ): Promise<EapolResult> {
    return await eapolTest({
      network,
      attributes,
      folder: this.folder,
      mac,
      from: SWITCHES[from].address,
      server: { port: this.server.authPort, secret: SECRET },
      noKeys: true,
    })
  }

  /** The reason code of the newest receipt of a calling station, once it is written. */
  async reason(callingStationId: string): Promise<string | undefined> {
    const seen = this.#seen
    const row = await until(`a new receipt of ${callingStationId}`, async () =>
      (await this.server.api.receipts()).find(
        (each) => each.callingStationId === callingStationId && !seen.has(each.id),
      ),
    )
    seen.add(row.id)
    return row.reason
  }

  readonly #seen = new Set<string>()

  async cli(...args: string[]): Promise<string> {
    const { code, output } = await this.server.cli(...args)
    if (code !== 0) throw new Error(`sallyport ${args.join(' ')} ended with ${code}:\n${output}`)
    return output
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name)
    writeFileSync(path, text)
    return path
  }
}
