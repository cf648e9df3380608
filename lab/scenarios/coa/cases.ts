import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { captureFile } from '../../capture.ts'
import { runToEnd } from '../../process.ts'
import type { LabCase } from '../../scenario.ts'
import { type CoaHouse, DEVICE, STRANGER } from './house.ts'

/** `Disconnect-ACK`, `Disconnect-NAK Session-Context-Not-Found`, `silence`. */
function said({ code, attributes }: { code: string | undefined; attributes: readonly string[] }): string {
  const cause = attributes.find((line) => line.startsWith('Error-Cause'))?.split(' = ')[1]
  return [code ?? 'silence', cause].filter((part) => part !== undefined).join(' ')
}

const DISCONNECT_REQUEST = 40
const COA_REQUEST = 43

export const COA_CASES: readonly LabCase<CoaHouse>[] = [
  {
    name: 'ok/ radclient as NAC: Disconnect by station, in another writing; the device gets its own names for the session',
    run: async (house) => {
      await house.report('alice')
      const reply = await house.send('disconnect', [
        'Calling-Station-Id = "0200.0000.0007"',
        'Proxy-State = 0x0a0b',
      ])
      assert.equal(said(reply), 'Disconnect-ACK')
      assert.ok(reply.attributes.includes('Proxy-State = 0x0a0b'), reply.output)
      const got = house.heard().at(-1)
      assert.deepEqual([got?.user, got?.proved, got?.code], ['alice', true, DISCONNECT_REQUEST])
      const { user, action, askedBy, askedByName, outcome } = await house.lastAction()
      assert.deepEqual(
        [user, action, askedBy, askedByName, outcome],
        ['alice', 'disconnect', 'relay', 'nac', 'acknowledged'],
      )
      return 'acknowledged, Proxy-State returned'
    },
  },
  {
    name: 'ok/ sessions disconnect --mac: found in any writing',
    run: async (house) => {
      const { code, output } = await house.server.cli('sessions', 'disconnect', '--mac', '0200.0000.0007')
      assert.equal(code, 0, output)
      assert.match(output, /acknowledged\s+alice/)
      const nobody = await house.server.cli('sessions', 'disconnect', '--mac', '02:00:00:00:00:99')
      assert.deepEqual([nobody.code, nobody.output.trim()], [1, 'There is no such live session.'])
      return output.trim()
    },
  },
  {
    name: 'ok/ pyrad as NAC and as device: CoA with a command of one vendor becomes that of the device',
    run: async (house) => {
      const { output } = await house.pyradSends(DISCONNECT_REQUEST, 'alice')
      assert.match(output, /^41 - proved \[b'one'\]/, output)
      const reply = await house.send('coa', ['User-Name = alice', 'HP-Port-Bounce-Host = 12'])
      assert.equal(said(reply), 'CoA-ACK')
      const octets = Buffer.from(house.heard().at(-1)?.octets ?? '', 'hex')
      assert.equal(octets[0], COA_REQUEST)
      assert.ok(octets.includes('subscriber:command=bounce-host-port'))
      return 'HP-Port-Bounce-Host went in, the command of Cisco came out'
    },
  },
  {
    name: 'ok/ any other CoA goes on as it is',
    run: async (house) => {
      const reply = await house.send('coa', ['User-Name = alice', 'Filter-Id = guests'])
      assert.equal(said(reply), 'CoA-ACK')
      assert.ok(Buffer.from(house.heard().at(-1)?.octets ?? '', 'hex').includes('guests'))
      assert.equal((await house.lastAction()).action, 'change')
      return 'Filter-Id arrived'
    },
  },
  {
    name: 'ok/ tshark finds what we send right, Message-Authenticator first, Event-Timestamp in it',
    run: async (house) => {
      const octets = Buffer.from(house.heard().at(-1)?.octets ?? '', 'hex')
      const file = join(house.folder, 'coa.pcap')
      writeFileSync(file, captureFile([{ octets, from: 40_000, to: 3799 }]))
      const options = [`radius.shared_secret:${DEVICE.secret}`, 'radius.validate_authenticator:TRUE']
      const { output } = await runToEnd('tshark', [
        '-r',
        file,
        '-V',
        ...options.flatMap((each) => ['-o', each]),
      ])
      assert.match(output, /Code: CoA-Request \(43\)/)
      assert.doesNotMatch(output, /incorrect|Malformed|Expert Info \((Error|Warning)/i)
      const types = [...output.matchAll(/AVP: t=([\w-]+)\(/g)].map((match) => match[1])
      assert.deepEqual(types, [
        'Message-Authenticator',
        'User-Name',
        'Acct-Session-Id',
        'NAS-Identifier',
        'Event-Timestamp',
        'Filter-Id',
      ])
      return types.join(', ')
    },
  },
  {
    name: 'fail/ what the device refuses is refused to the NAC, with its Error-Cause; what it leaves is a NAK too',
    run: async (house) => {
      await house.report('stubborn')
      await house.report('silent')
      const refused = await house.send('disconnect', ['User-Name = stubborn'])
      assert.equal(said(refused), 'Disconnect-NAK Session-Context-Not-Removable')
      const left = await house.send('disconnect', ['User-Name = silent'])
      assert.match(said(left), /^Disconnect-NAK/)
      const heard = house.heard().filter(({ user }) => user === 'silent')
      assert.equal(heard.length, 2)
      assert.equal(heard[0]?.octets, heard[1]?.octets)
      const { outcome, attempts } = await house.lastAction()
      assert.deepEqual([outcome, attempts], ['no-answer', 2])
      return `${said(refused)}; ${said(left)} after 2 equal datagrams`
    },
  },
  {
    name: 'fail/ no session, none named, one that has ended',
    run: async (house) => {
      const before = house.heard().length
      const unknown = said(await house.send('disconnect', ['User-Name = nobody']))
      assert.equal(unknown, 'Disconnect-NAK Session-Context-Not-Found')
      const unnamed = said(await house.send('disconnect', ['NAS-Identifier = switch-1']))
      assert.equal(unnamed, 'Disconnect-NAK Missing-Attribute')
      await house.report('alice', 'Stop')
      assert.equal(said(await house.send('disconnect', ['User-Name = alice'])), unknown)
      assert.equal(house.heard().length, before)
      return `${unknown}; ${unnamed}; the device heard nothing`
    },
  },
  {
    name: 'fail/ an old request, a wrong secret, a stranger: silence, and the device hears nothing',
    run: async (house) => {
      await house.report('bob')
      const before = house.heard().length
      const ask = ['User-Name = bob']
      const quick = { seconds: 1 }
      const old = await house.send('disconnect', ask, { ...quick, at: Date.now() - 301_000 })
      const wrong = await house.send('disconnect', ask, { ...quick, secret: 'another-secret' })
      const stranger = await house.send('disconnect', ask, { ...quick, from: STRANGER })
      assert.deepEqual([said(old), said(wrong), said(stranger)], ['silence', 'silence', 'silence'])
      assert.equal(house.heard().length, before)
      return 'three times nothing'
    },
  },
  {
    name: 'fail/ a client without permission; without any sender the port is closed, and open again with one',
    run: async (house) => {
      const ask = ['User-Name = bob']
      const device = { from: DEVICE.address, secret: DEVICE.secret }
      assert.equal(
        said(await house.send('disconnect', ask, device)),
        'Disconnect-NAK Administratively-Prohibited',
      )
      await house.letNacSend(false)
      assert.equal(said(await house.send('disconnect', ask, { seconds: 1 })), 'silence')
      await house.letNacSend(true)
      assert.equal(said(await house.send('disconnect', ask)), 'Disconnect-ACK')
      return 'prohibited; closed; open'
    },
  },
]
