/** The codec against other people's: radclient (FreeRADIUS), pyrad and tshark, each where it is installed. */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fromHex, fromUtf8, toHex, toUtf8 } from '@sallyport/bytes'
import {
  AcctSessionId,
  AcctStatusType,
  CiscoAVPair,
  Class,
  EapMessage,
  ErrorCause,
  FramedIPv6Prefix,
  MsMppeRecvKey,
  MsMppeSendKey,
  NasPort,
  ReplyMessage,
  TunnelPassword,
  TunnelPrivateGroupId,
  TunnelType,
  UserName,
  UserPassword,
} from '../src/attributes/index.generated.ts'
import {
  type Attribute,
  attribute,
  encodeReply,
  encodeRequest,
  inspect,
  PacketCode,
  type PacketView,
  Secret,
  verify,
  verifyReply,
} from '../src/index.ts'

const SECRET = 'interop secret'
const secret = new Secret(SECRET)
const strict = { requireMessageAuthenticator: true }

/** Why a test cannot run here; in CI it must. */
function without(what: string, command: string, ...args: readonly string[]): string | false {
  if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return false
  if (process.env.CI) throw new Error(`${what} is not installed`)
  return `${what} is not installed`
}

const noRadclient = without('radclient (Debian package freeradius-utils)', 'radclient', '-v')
const noPyrad = without(
  'pyrad (Debian package python3-pyrad)',
  '/usr/bin/python3',
  '-c',
  'import pyrad.packet',
)
const noTshark = without('tshark (Debian package tshark)', 'tshark', '--version')

function view(octets: Uint8Array): PacketView {
  const inspected = inspect(octets)
  assert.ok(inspected.ok, JSON.stringify(inspected))
  return inspected.packet
}

/** A tiny server: verified requests are answered as `answer` says; the others are not. */
async function serve(
  t: TestContext,
  answer: (request: PacketView) => { code: number; attributes: readonly Attribute[] },
): Promise<number> {
  const socket = createSocket('udp4')
  socket.on('message', (datagram, { port, address }) => {
    const inspected = inspect(datagram)
    if (!inspected.ok) return
    const request = inspected.packet
    const verified = verify(request, [new Secret('another'), secret], strict)
    if (!verified.ok) return
    socket.send(encodeReply({ ...answer(request), request, secret: verified.secret }), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  return socket.address().port
}

async function radclient(port: number, command: string, input: string, key = SECRET): Promise<string> {
  const args = ['-x', '-r', '1', '-t', '1', `127.0.0.1:${port}`, command, key]
  const child = spawn('radclient', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  child.stdin.end(`${input}\n`)
  await once(child, 'close')
  return output
}

/** What radclient printed below "Received". */
function received(output: string): string[] {
  const lines = output.split('\n')
  const start = lines.findIndex((line) => line.startsWith('Received'))
  assert.ok(start >= 0, output)
  return lines.slice(start).map((line) => line.trim())
}

test('radclient: PAP, hidden and tagged attributes, Message-Authenticator first', {
  skip: noRadclient,
}, async (t) => {
  const passwords: (string | undefined)[] = []
  const port = await serve(t, (request) => {
    const password = request.get(UserPassword, request.hidingKey(secret))
    passwords.push(password === undefined ? undefined : toUtf8(password))
    return {
      code: PacketCode.AccessAccept,
      attributes: [
        attribute(ReplyMessage, `hello ${request.get(UserName)}`),
        attribute(TunnelType, 13, 1),
        attribute(TunnelPrivateGroupId, '42', 1),
        attribute(TunnelPassword, 'geheim', 1),
        attribute(MsMppeSendKey, new Uint8Array(32).fill(0xab)),
        attribute(CiscoAVPair, 'shell:priv-lvl=15'),
        attribute(FramedIPv6Prefix, '2001:db8::/32'),
      ],
    }
  })
  const password = 'a password of more than sixteen octets'
  const output = await radclient(
    port,
    'auth',
    `User-Name = "alice", User-Password = "${password}", Message-Authenticator = 0x00`,
  )
  assert.deepEqual(passwords, [password])
  const lines = received(output)
  assert.match(lines[0] ?? '', /^Received Access-Accept/)
  assert.match(lines[1] ?? '', /^Message-Authenticator = 0x/)
  const rest = lines.slice(2)
  for (const line of [
    'Reply-Message = "hello alice"',
    'Tunnel-Type:1 = VLAN',
    'Tunnel-Private-Group-Id:1 = "42"',
    'Tunnel-Password:1 = "geheim"',
    `MS-MPPE-Send-Key = 0x${'ab'.repeat(32)}`,
    'Cisco-AVPair = "shell:priv-lvl=15"',
    'Framed-IPv6-Prefix = 2001:db8::/32',
  ]) {
    assert.ok(rest.includes(line), `${line}\n${output}`)
  }
})

test('radclient: silence without Message-Authenticator and under a wrong secret', {
  skip: noRadclient,
}, async (t) => {
  const port = await serve(t, () => ({ code: PacketCode.AccessAccept, attributes: [] }))
  const [bare, wrong] = await Promise.all([
    radclient(port, 'auth', 'User-Name = "alice", User-Password = "x"'),
    radclient(
      port,
      'auth',
      'User-Name = "alice", User-Password = "x", Message-Authenticator = 0x00',
      'wrong',
    ),
  ])
  assert.match(bare, /No reply from server/)
  assert.match(wrong, /No reply from server/)
})

test('radclient: accounting, CoA, Disconnect, Status-Server', { skip: noRadclient }, async (t) => {
  const port = await serve(t, (request) => {
    if (request.code === PacketCode.AccountingRequest) {
      assert.equal(request.get(AcctStatusType), 1)
      assert.equal(request.get(AcctSessionId), 'session-1')
      return { code: PacketCode.AccountingResponse, attributes: [] }
    }
    if (request.code === PacketCode.CoaRequest) return { code: PacketCode.CoaAck, attributes: [] }
    if (request.code === PacketCode.DisconnectRequest) {
      return { code: PacketCode.DisconnectNak, attributes: [attribute(ErrorCause, 503)] }
    }
    return { code: PacketCode.AccessAccept, attributes: [attribute(ReplyMessage, 'up')] }
  })
  const session = 'Acct-Session-Id = "session-1"'
  const [acct, coa, disconnect, status] = await Promise.all([
    radclient(port, 'acct', `Acct-Status-Type = Start, ${session}`),
    radclient(port, 'coa', session),
    radclient(port, 'disconnect', session),
    radclient(port, 'status', 'Message-Authenticator = 0x00'),
  ])
  assert.match(acct, /Received Accounting-Response/)
  assert.match(coa, /Received CoA-ACK/)
  assert.match(disconnect, /Received Disconnect-NAK/)
  assert.match(disconnect, /Error-Cause = Session-Context-Not-Found/)
  assert.match(status, /Received Access-Accept/)
})

const PYRAD = `
import sys, io
from pyrad.packet import AuthPacket, AcctPacket, AccessAccept
from pyrad.dictionary import Dictionary
text = '''
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 string
ATTRIBUTE NAS-Port 5 integer
ATTRIBUTE Reply-Message 18 string
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Message-Authenticator 80 octets
'''
names = Dictionary(io.StringIO(text))
secret = sys.argv[1].encode()
auth = AuthPacket(packet=bytes.fromhex(sys.argv[2]), secret=secret, dict=names)
print(auth['User-Name'][0], auth.PwDecrypt(auth['User-Password'][0]), auth['NAS-Port'][0])
reply = auth.CreateReply()
reply.code = AccessAccept
reply['Reply-Message'] = 'hello from pyrad'
print(reply.ReplyPacket().hex())
acct = AcctPacket(packet=bytes.fromhex(sys.argv[3]), secret=secret, dict=names)
print(acct.VerifyAcctRequest(), acct['Acct-Status-Type'][0])
`

test('pyrad reads and proves our requests, and we its reply', { skip: noPyrad }, () => {
  const request = encodeRequest({
    code: PacketCode.AccessRequest,
    id: 77,
    secret,
    attributes: [
      attribute(UserName, 'alice'),
      attribute(UserPassword, fromUtf8('sesame')),
      attribute(NasPort, 3),
    ],
  })
  const accounting = encodeRequest({
    code: PacketCode.AccountingRequest,
    id: 78,
    secret,
    attributes: [attribute(AcctStatusType, 2)],
  })
  const output = execFileSync('/usr/bin/python3', ['-c', PYRAD, SECRET, toHex(request), toHex(accounting)], {
    encoding: 'utf8',
  })
  const [values, reply, account] = output.trim().split('\n')
  assert.equal(values, 'alice sesame 3')
  assert.equal(account, 'True 2')
  const packet = view(fromHex(reply ?? ''))
  // Debian's pyrad knows no Message-Authenticator.
  assert.deepEqual(verifyReply(packet, view(request), secret, { requireMessageAuthenticator: false }), {
    ok: true,
  })
  assert.equal(packet.get(ReplyMessage), 'hello from pyrad')
})

/** A capture file (libpcap format, raw IPv4) of datagrams between two ports. */
function capture(datagrams: readonly { octets: Uint8Array; from: number; to: number }[]): Buffer {
  const parts: Buffer[] = [Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')]
  for (const [index, { octets, from, to }] of datagrams.entries()) {
    const length = 28 + octets.length
    const head = Buffer.alloc(16 + 28)
    head.writeUInt32LE(1_700_000_000 + index, 0)
    head.writeUInt32LE(length, 8)
    head.writeUInt32LE(length, 12)
    head.set(fromHex('45000000000000004011 0000 7f000001 7f000001'), 16)
    head.writeUInt16BE(length, 18)
    head.writeUInt16BE(from, 36)
    head.writeUInt16BE(to, 38)
    head.writeUInt16BE(8 + octets.length, 40)
    parts.push(head, Buffer.from(octets))
  }
  return Buffer.concat(parts)
}

test('tshark dissects request and reply, and finds the authenticator right', { skip: noTshark }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'radius-interop-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const request = encodeRequest({
    code: PacketCode.AccessRequest,
    id: 5,
    secret,
    attributes: [attribute(UserName, 'alice'), attribute(UserPassword, fromUtf8('sesame'))],
  })
  const reply = encodeReply({
    code: PacketCode.AccessAccept,
    request: view(request),
    secret,
    attributes: [
      attribute(Class, fromUtf8('decision-1')),
      attribute(MsMppeSendKey, new Uint8Array(32).fill(1)),
      attribute(MsMppeRecvKey, new Uint8Array(32).fill(2)),
      attribute(EapMessage, fromHex('03010004')),
      attribute(TunnelPassword, 'geheim', 1),
    ],
  })
  const file = join(folder, 'radius.pcap')
  writeFileSync(
    file,
    capture([
      { octets: request, from: 40_000, to: 1812 },
      { octets: reply, from: 1812, to: 40_000 },
    ]),
  )
  const output = execFileSync(
    'tshark',
    ['-r', file, '-V', '-o', `radius.shared_secret:${SECRET}`, '-o', 'radius.validate_authenticator:TRUE'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  assert.match(output, /User-Password.*Decrypted: sesame/)
  assert.match(output, /Authenticator: [0-9a-f]{32} \[correct\]/)
  assert.match(output, /Code: Success \(3\)/)
  assert.doesNotMatch(output, /incorrect|Malformed|Expert Info \((Error|Warning)/i)
})
