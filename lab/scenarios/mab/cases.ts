/** MAC authentication as switches of several vendors ask for it, and what must not come in that way. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import { type MabHouse, PASSWORD, PRINTER, SECRET, type Switch, USER_MAC } from './house.ts'

type Case = LabCase<MabHouse>

const STATION = 'Calling-Station-Id = "0A-1B-2C-3D-4E-5F"'
const CALL_CHECK = 'Service-Type = Call-Check'

const pap = (user: string, password = user): string[] => [
  `User-Name = "${user}"`,
  `User-Password = "${password}"`,
]
const chap = (user: string): string[] => [`User-Name = "${user}"`, `CHAP-Password = "${user}"`]

const HABITS: readonly (readonly [vendor: string, from: Switch, attributes: readonly string[]])[] = [
  ['Cisco: Call-Check, PAP', 'cisco', [...pap(PRINTER), CALL_CHECK]],
  ['Cisco: Call-Check, dotted, no password', 'cisco', ['User-Name = "0a1b.2c3d.4e5f"', CALL_CHECK]],
  ['HP ProCurve: CHAP, half-dashed', 'hp', chap('0a1b2c-3d4e5f')],
  ['Aruba: PAP, upper case with dashes', 'hp', pap('0A-1B-2C-3D-4E-5F')],
  ['Juniper: PAP, plain', 'hp', pap(PRINTER)],
  ['Huawei: PAP, in quarters', 'hp', pap('0a1b-2c3d-4e5f')],
  ['MikroTik: colons, empty password', 'mikrotik', pap('0A:1B:2C:3D:4E:5F', '')],
  ['MikroTik: colons, name as password', 'mikrotik', pap('0A:1B:2C:3D:4E:5F')],
]

const VENDORS: readonly Case[] = HABITS.map(([vendor, from, attributes]) => ({
  name: `radclient as ${vendor}`,
  async run(house) {
    const { code, attributes: reply, output } = await house.ask(from, ...attributes, STATION)
    assert.equal(code, 'Access-Accept', output)
    assert.ok(
      reply.some((line) => /^Tunnel-Private-Group-Id(:\d+)? = "70"$/.test(line)),
      output,
    )
    assert.ok(reply.includes(`User-Name = "${PRINTER}"`), output)
    return `${code} into VLAN 70`
  },
}))

const SEPARATE: Case = {
  name: 'radclient: a user is no MAC address, and a MAC address is no user',
  async run(house) {
    const station = '02-00-00-00-00-AA'
    const user = [...pap(USER_MAC), `Calling-Station-Id = "${station}"`]
    const asUser = await house.ask('gateway', ...user)
    assert.equal(asUser.code, 'Access-Accept', asUser.output)
    await house.reason(station)
    for (const [from, more] of [
      ['cisco', [CALL_CHECK]],
      ['hp', []],
    ] as const) {
      const { code, output } = await house.ask(from, ...user, ...more)
      assert.equal(code, 'Access-Reject', output)
      assert.equal(await house.reason(station), 'mac-unknown')
    }
    for (const [from, more] of [
      ['gateway', [CALL_CHECK]],
      ['gateway', []],
      ['cisco', []],
    ] as const) {
      const { code, output } = await house.ask(from, ...pap(PRINTER), STATION, ...more)
      assert.equal(code, 'Access-Reject', output)
    }
    const { code } = await house.ask('cisco', ...pap('alice', PASSWORD), STATION)
    assert.equal(code, 'Access-Accept', 'an ordinary login beside it')
    return 'a user by MAC authentication: mac-unknown; an address of the store as a user: rejected'
  },
}

const REFUSALS: Case = {
  name: 'radclient: contradicted, disabled, expired, no rule',
  async run(house) {
    const seen: string[] = []
    for (const [mac, station, why] of [
      [PRINTER, '0A-1B-2C-3D-4E-60', 'mac-contradicted'],
      ['020000000002', '02-00-00-00-00-02', 'no-rule-matched'],
      ['020000000003', '02-00-00-00-00-03', 'mac-disabled'],
      ['020000000004', '02-00-00-00-00-04', 'mac-expired'],
    ] as const) {
      const calling = `Calling-Station-Id = "${station}"`
      const { code, output } = await house.ask('hp', ...pap(mac), calling)
      assert.equal(code, 'Access-Reject', output)
      assert.equal(await house.reason(station), why)
      seen.push(why)
    }
    return seen.join(', ')
  },
}

const EAP: Case = {
  name: 'eapol_test: EAP-MD5 with the MAC address as name and password; PEAP by that name is refused',
  async run(house) {
    const mac = '0A:1B:2C:3D:4E:5F'
    const network = ['eap=MD5', `identity="${PRINTER}"`, `password="${PRINTER}"`]
    const checked = await house.eap('cisco', mac, network, ['6:d:10'])
    assert.ok(checked.accepted, checked.output)
    const named = await house.eap('hp', mac, network)
    assert.ok(named.accepted, named.output)
    // A person at another device who types the name: nothing of the MAC store.
    const elsewhere = await house.eap('hp', '02:00:00:00:00:99', network)
    assert.ok(elsewhere.rejected, elsewhere.output)
    const wrong = await house.eap('hp', mac, ['eap=MD5', `identity="${PRINTER}"`, 'password="guess"'])
    assert.ok(wrong.rejected, wrong.output)
    const inside = ['eap=PEAP', `identity="${PRINTER}"`, `password="${PRINTER}"`, 'phase2="auth=MSCHAPV2"']
    for (const from of ['gateway', 'cisco', 'hp'] as const) {
      const tunnel = await house.eap(from, mac, inside)
      assert.ok(tunnel.rejected && !tunnel.accepted, tunnel.output)
    }
    const user = await house.eap('cisco', mac, ['eap=MD5', 'identity="alice"', `password="${PASSWORD}"`])
    assert.ok(user.accepted, user.output)
    return 'accepted twice by EAP-MD5, rejected at another device, with another password and in a tunnel'
  },
}

const ADOPTED: Case = {
  name: 'an unknown device is listed with its port, and one command lets it in',
  async run(house) {
    const request = [...pap('02aabbccddee'), 'Calling-Station-Id = "02-AA-BB-CC-DD-EE"']
    const port = 'NAS-Port-Id = "GigabitEthernet1/0/7"'
    assert.equal((await house.ask('hp', ...request, port)).code, 'Access-Reject')
    const unknown = await house.cli('macs', 'unknown')
    assert.match(unknown, /02:aa:bb:cc:dd:ee\s+hp\s+GigabitEthernet1\/0\/7\s+1/)
    await house.cli('macs', 'add', '02-AA-BB-CC-DD-EE', '--groups', 'Printers', '--description', 'New')
    assert.equal((await house.ask('hp', ...request, port)).code, 'Access-Accept')
    assert.doesNotMatch(await house.cli('macs', 'unknown'), /02:aa:bb:cc:dd:ee/)
    await house.cli('macs', 'change', '02aabb-ccddee', '--expires', '2020-01-01')
    assert.equal((await house.ask('hp', ...request, port)).code, 'Access-Reject', 'expired')
    await house.cli('macs', 'change', '02aabb-ccddee', '--expires', 'never')
    assert.equal((await house.ask('hp', ...request, port)).code, 'Access-Accept')
    await house.cli('macs', 'disable', '02aa.bbcc.ddee')
    assert.equal((await house.ask('hp', ...request, port)).code, 'Access-Reject')
    await house.cli('macs', 'delete', '02aabbccddee')
    return 'rejected, listed, added, accepted, expired, disabled, rejected'
  },
}

const IMPORTED: Case = {
  name: 'a CSV file is imported, exported and imported again',
  async run(house) {
    const lines = Array.from({ length: 1200 }, (_, n) => {
      const digits = (0x06_00_00_00_00_00 + n).toString(16).padStart(12, '0')
      return `${digits.match(/../g)?.join('-').toUpperCase()},Printers,${n % 2 === 0 ? '2.14' : ''}`
    })
    const file = house.file('printers.csv', `MAC,groups,room\n${lines.join('\n')}\n`)
    assert.match(await house.cli('macs', 'import', file), /Imported 1200: 1200 added/)
    const request = [...pap('0600000004af'), 'Calling-Station-Id = "06-00-00-00-04-AF"']
    assert.equal((await house.ask('hp', ...request)).code, 'Access-Accept')
    const exported = house.file('export.csv', await house.cli('macs', 'export'))
    assert.match(await house.cli('macs', 'import', exported), /0 added, 0 changed/)
    assert.match(
      await house.cli('macs', 'list', '06:00:00:00:04:AF'),
      /06:00:00:00:04:af\s+active\s+Printers/,
    )
    const broken = house.file('broken.csv', '020000000001\nnonsense\n')
    const { code, output } = await house.server.cli('macs', 'import', broken)
    assert.equal(code, 1, output)
    assert.match(output, /Line 2: mac/)
    return '1200 added, the last one logs in, exported and imported without a change'
  },
}

const OWN_CLIENT: Case = {
  name: 'sallyport test mab asks as a switch does',
  async run(house) {
    const ask = (mac: string) =>
      house.server.command(
        ...['test', 'mab', '--port', String(house.server.authPort), '--secret', SECRET, '--user', mac],
      )
    const known = await ask('0A1B.2C3D.4E5F')
    assert.match(known.output, /Access-Accept: the login works/)
    assert.equal((await ask('02:00:00:00:00:77')).code, 1)
    assert.equal((await ask('alice')).code, 2)
    return 'let in; an unknown address refused'
  },
}

export const MAB_CASES: readonly Case[] = [...VENDORS, SEPARATE, REFUSALS, EAP, ADOPTED, IMPORTED, OWN_CLIENT]
