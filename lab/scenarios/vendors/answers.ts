/** What each vendor's device gets, read by radclient (FreeRADIUS's dictionaries) and by tshark. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attribute, encodeRequest, PacketCode, Secret } from '@sallyport/radius'
import { UserName, UserPassword } from '@sallyport/radius/attributes'
import { type CapturedDatagram, captureFile } from '../../capture.ts'
import { runToEnd } from '../../process.ts'
import { MESSAGE_AUTHENTICATOR } from '../../radclient.ts'
import type { LabCase } from '../../scenario.ts'
import { PASSWORD, SECRET, VENDOR_CASES, type VendorCase, type VendorsHouse } from './house.ts'

type Case = LabCase<VendorsHouse>

/** As FreeRADIUS's dictionaries read them; some of its names are others than ours. */
const READ_BY_FREERADIUS: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  other: [
    'Tunnel-Type:0 = VLAN',
    'Tunnel-Private-Group-Id:0 = "42"',
    'Framed-IPv6-Prefix = 2001:db8:1::/64',
    'Delegated-IPv6-Prefix = 2001:db8:2::/48',
    'Framed-IPv6-Address = 2001:db8::7',
    'MS-Primary-DNS-Server = 192.0.2.53',
    'DNS-Server-IPv6-Address = 2001:db8::53',
    /NAS-Filter-Rule = "permit in 17 from assigned to any 53/,
    /NAS-Filter-Rule.*= "deny in ip from assigned to 10\.0\.0\.0\/8"/,
  ],
  aruba: ['Aruba-User-Role = "staff"', 'Aruba-User-Vlan = 42'],
  cisco: [
    'Tunnel-Private-Group-Id:0 = "staff"',
    'Cisco-AVPair = "cts:security-group-tag=0010-00"',
    'Cisco-AVPair = "url-redirect=https://portal.example.org/"',
    'Cisco-AVPair = "url-redirect-acl=REDIRECT"',
    /Cisco-AVPair = "ACS:CiscoSecure-Defined-ACL=#ACSACL#-IP-cisco-[0-9a-f]{8}"/,
  ],
  'cisco-asa': [/Group-Policy = "STAFF"/, /VLAN = 42/, /Privilege-Level = 1/],
  'cisco-wlc': [
    'Airespace-ACL-Name = "STAFF"',
    'Airespace-Data-Bandwidth-Average-Contract = 20000',
    'Airespace-Data-Bandwidth-Average-Contract-Upstream = 5000',
  ],
  draytek: ['Framed-IP-Address = 192.0.2.99', 'Idle-Timeout = 600'],
  fortinet: ['Fortinet-Group-Name = "vpn-users"'],
  hostapd: [
    'Session-Timeout = 3600',
    'Termination-Action = RADIUS-Request',
    'Tunnel-Medium-Type:0 = IEEE-802',
  ],
  hp: [
    /HP-User-Role = "staff"/,
    'Egress-VLANID = 822083684',
    /HP-Bandwidth-Max-Egress = 20000/,
    /HP-Bandwidth-Max-Ingress = 5000/,
    /HP-Nas-Rules-IPv6 = 1/,
    'NAS-Filter-Rule = "permit in 6 from any to any 443"',
  ],
  juniper: [
    'Juniper-VoIP-Vlan = "voice"',
    'Juniper-Switching-Filter = "match destination-ip 192.0.2.0/24, ip-protocol 6, destination-port 443 action allow"',
  ],
  meraki: ['Filter-Id = "Guest policy"', 'Cisco-AVPair = "cts:security-group-tag=0007-00"'],
  microsoft: [
    'MS-MPPE-Encryption-Policy = Encryption-Required',
    /MS-MPPE-Encryption-Types = (6|RC4-40or128-bit-Allowed)/,
  ],
  mikrotik: [
    'Mikrotik-Group = "staff"',
    'Mikrotik-Address-List = "staff-list"',
    'Mikrotik-Rate-Limit = "5000k/20000k"',
  ],
  paloalto: ['PaloAlto-User-Group = "staff"', 'PaloAlto-Admin-Role = "superreader"'],
  ruckus: [/Ruckus-User-Groups? = "staff"/, 'WISPr-Bandwidth-Max-Down = 20000000'],
  strongswan: ['Tunnel-Type:0 = ESP', 'Filter-Id = "staff"', 'Acct-Interim-Interval = 600'],
  ubiquiti: ['Tunnel-Private-Group-Id:0 = "42"', 'WISPr-Bandwidth-Max-Up = 5000000'],
}

const RADCLIENT: readonly Case[] = VENDOR_CASES.map(({ vendor }) => ({
  name: `FreeRADIUS reads what ${vendor} gets`,
  async run(house) {
    const { code, attributes } = await house.ask(vendor, [
      'User-Name = alice',
      `User-Password = "${PASSWORD}"`,
      MESSAGE_AUTHENTICATOR,
    ])
    assert.equal(code, 'Access-Accept')
    const expected = READ_BY_FREERADIUS[vendor] ?? []
    assert.ok(expected.length > 0)
    for (const line of expected) {
      const found = attributes.some((read) => (typeof line === 'string' ? read === line : line.test(read)))
      assert.ok(found, `${line} is not among\n${attributes.join('\n')}`)
    }
    return `${attributes.length} attributes`
  },
}))

const TSHARK: Case = {
  name: 'tshark finds every answer right, Message-Authenticator first',
  async run(house) {
    const datagrams: CapturedDatagram[] = []
    for (const [id, each] of VENDOR_CASES.entries()) {
      datagrams.push(...(await exchange(each, house.server.authPort, id)))
    }
    const file = join(house.folder, 'answers.pcap')
    writeFileSync(file, captureFile(datagrams))
    const options = [`radius.shared_secret:${SECRET}`, 'radius.validate_authenticator:TRUE']
    const { stdout } = await runToEnd('tshark', [
      '-r',
      file,
      '-V',
      ...options.flatMap((each) => ['-o', each]),
    ])
    const answers = stdout.split(/^Frame \d+:/m).filter((text) => text.includes('Code: Access-Accept'))
    assert.equal(answers.length, VENDOR_CASES.length)
    for (const answer of answers) {
      assert.match(answer, /Authenticator: [0-9a-f]{32} \[correct\]/)
      assert.doesNotMatch(answer, /incorrect|Malformed|Expert Info \((Error|Warning)/i)
      const types = [...answer.matchAll(/AVP: t=([\w-]+)\(/g)]
      assert.equal(types[0]?.[1], 'Message-Authenticator')
    }
    return `${answers.length} answers`
  },
}

const SAME_AS_DRY: Case = {
  name: 'the dry run of every client is what it then gets',
  async run(house) {
    const { api, cli, authPort } = house.server
    for (const each of VENDOR_CASES) {
      const body = { profiles: [each.vendor], user: 'alice' }
      const dry = await api.send<{ octets: number }>('POST', `/clients/${each.vendor}/reply`, body)
      const [, answer] = await exchange(each, authPort)
      assert.equal(dry.octets, answer?.octets.length, each.vendor)
    }
    const tried = await cli('policy', 'try', '--client', 'cisco', '--user', 'alice', '--method', 'pap')
    assert.equal(tried.code, 0, tried.output)
    assert.match(tried.output, /cisco \(accept\): matched/)
    assert.match(tried.output, /url-redirect-acl=REDIRECT/)
    const refused = await cli('reply', '--client', 'fortinet', '--profile', 'fortinet', '--profile', 'cisco')
    assert.equal(refused.code, 1)
    assert.match(refused.output, /Access-Reject: .*vendor "fortinet".*\(reply-unbuildable\)/)
    return `${VENDOR_CASES.length} replies, one decision`
  },
}

const WARNED: Case = {
  name: 'apply warned of what some clients cannot be told',
  async run(house) {
    assert.match(house.applied, /rules\/long\/profiles/)
    assert.match(house.applied, /vendor "fortinet" have no attribute for acl/)
    const { code, attributes } = await house.ask('fortinet', [
      'User-Name = long',
      `User-Password = "${PASSWORD}"`,
      MESSAGE_AUTHENTICATOR,
    ])
    assert.equal(code, 'Access-Reject')
    assert.deepEqual(
      attributes.filter((line) => !line.startsWith('Message-Authenticator')),
      [],
    )
    return 'a warning, and a reject'
  },
}

export const ANSWER_CASES: readonly Case[] = [...RADCLIENT, TSHARK, SAME_AS_DRY, WARNED]

/** A login by PAP and its answer, as octets. */
async function exchange({ address }: VendorCase, port: number, id = 7): Promise<CapturedDatagram[]> {
  const datagram = encodeRequest({
    code: PacketCode.AccessRequest,
    id,
    secret: new Secret(SECRET),
    attributes: [attribute(UserName, 'alice'), attribute(UserPassword, Buffer.from(PASSWORD))],
  })
  const socket = createSocket('udp4')
  try {
    socket.bind(0, address)
    await once(socket, 'listening')
    socket.send(datagram, port, '127.0.0.1')
    const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer]
    return [
      { octets: datagram, from: 40_000, to: 1812 },
      { octets: answer, from: 1812, to: 40_000 },
    ]
  } finally {
    socket.close()
  }
}
