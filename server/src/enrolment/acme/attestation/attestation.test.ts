/** Attestations by others' tools (lab/acme/attest.py): certificates and CBOR of Python, TPM statements of a software TPM. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, hash } from 'node:crypto'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { freeTcpPort } from '@sallyport/lab/free-port'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { exportSpki, generateKeyPairFor } from '@sallyport/pki'
import { render } from '../../../reasons/index.ts'
import { AcmeTestClient, openAcmeBench, webTemplate } from '../testing.ts'
import { CborError, readCbor } from './cbor.ts'
import { checkAttestation } from './check-attestation.ts'

const SCRIPT = join(import.meta.dirname, '../../../../../lab/acme/attest.py')
const NOW = Date.parse('2026-06-01')

interface Made {
  readonly root: string
  readonly otherRoot: string
  readonly key: string
  readonly objects: Readonly<Record<string, string>>
}

async function make(...args: readonly string[]): Promise<Made> {
  const { code, stdout, output } = await runToEnd('/usr/bin/python3', [SCRIPT, ...args])
  assert.equal(code, 0, output)
  return JSON.parse(stdout) as Made
}

function check(made: Made, object: string, more: object = {}): string | Uint8Array {
  const question = {
    token: 'tok',
    keyAuthorization: 'tok.thumb',
    roots: made.root,
    now: NOW,
    device: 'F2LX1234',
  }
  const attObj = made.objects[object]
  assert.ok(attObj, object)
  const found = checkAttestation({ attObj }, { ...question, ...more })
  return 'spki' in found ? found.spki : `${found.type}: ${render(found.reason).sentence}`
}

describe('apple', { skip: skipReason('python3-acme', 'python3-cbor2') }, () => {
  it('ok/ the device by serial number and UDID; fail/ what differs in one thing', async () => {
    const made = await make('apple', 'tok', 'F2LX1234', '00008030-0012')
    const spki = exportSpki(createPublicKey(createPrivateKey(made.key)))
    assert.deepEqual(Buffer.from(check(made, 'good') as Uint8Array), Buffer.from(spki)) // it is accepted
    assert.ok(typeof check(made, 'good', { device: '00008030-0012' }) !== 'string')
    const fails = (object: string, words: RegExp, more: object = {}): void =>
      assert.match(String(check(made, object, more)), words, object)
    fails('good', /^badAttestationStatement: .*for the device F2LX1234/, { device: 'F2LX1235' })
    fails('good', /another challenge/, { token: 'tok2' })
    fails('good', /no root that is configured/, { roots: made.otherRoot })
    fails('good', /no roots of device makers/, { roots: '' })
    fails('good', /no root that is configured/, { now: Date.parse('2046-01-01') })
    fails('otherChallenge', /another challenge/)
    fails('noFreshness', /no freshness code/)
    fails('otherDevice', /for the device OTHER/)
    fails('forged', /no root that is configured/)
    fails('noChain', /not a chain/)
    fails('unknownFormat', /neither apple nor tpm/)
    fails('tagged', /not CBOR/)
    assert.equal(
      'type' in
        checkAttestation({ error: 'x' }, { device: 'a', token: '', keyAuthorization: '', roots: '', now: 0 }),
      true,
    )
  })

  it('ok/ a certificate for the attested key and device; fail/ for another key, device or name', async () => {
    const probe = await make('apple', 'unused', 'F2LX1234', 'U')
    const devices = webTemplate({
      ...{
        name: 'web',
        base: 'device',
        allowedNames: ['F2LX*', '*.example.org'],
        keys: { attestation: 'required' },
      },
    })
    const bench = await openAcmeBench({ openTemplates: ['web'], attestationRoots: probe.root }, devices)
    const client = new AcmeTestClient(bench.server)
    client.kid = String((await client.post('new-account', {})).headers.location)
    const order = async (value: string) =>
      await client.post('new-order', { identifiers: [{ type: 'permanent-identifier', value }] })
    assert.equal((await order('C02X')).type, 'rejectedIdentifier')
    assert.equal((await order('F2LX 1')).type, 'rejectedIdentifier')
    assert.equal((await client.order('www.example.org')).type, 'rejectedIdentifier')
    const attested = async (serial: string) => {
      const made = await order('F2LX1234')
      const [url] = made.body.authorizations as unknown as string[]
      const path = String(url).slice(client.url('').length)
      const { body } = await client.post(path)
      const [challenge] = body.challenges as unknown as { type: string; url: string; token: string }[]
      assert.ok(challenge)
      assert.equal(challenge.type, 'device-attest-01')
      const statement = await make('apple', challenge.token, serial, 'U')
      Object.assign(bench.acme, { attestationRoots: statement.root })
      const answer = await client.post(challenge.url.slice(client.url('').length), {
        attObj: statement.objects.good,
      })
      return { made, answer, key: createPrivateKey(statement.key) }
    }
    const other = await attested('F2LX9999')
    assert.equal(other.answer.body.status, 'invalid')
    assert.match(JSON.stringify(other.answer.body.error), /F2LX9999/)
    const { made, answer, key } = await attested('F2LX1234')
    assert.equal(answer.body.status, 'valid', JSON.stringify(answer))
    const keys = { publicKey: createPublicKey(key), privateKey: key }
    const foreign = await client.finalize(made, { commonName: 'F2LX1234', keys: generateKeyPairFor('p256') })
    assert.equal(foreign.type, 'badCSR')
    assert.match(String(foreign.body.detail), /not the one the device attested/)
    assert.equal((await client.finalize(made, { dns: ['www.example.org'], keys })).type, 'badCSR')
    const done = await client.finalize(made, { commonName: 'whatever', keys })
    assert.equal(done.body.status, 'valid', JSON.stringify(done))
    const id = String(made.headers.location).split('/').at(-1) ?? ''
    const stored = await bench.store.order(id)
    const record = await bench.certificates.find(stored?.serial ?? '')
    assert.equal(record?.device_id, 'F2LX1234')
    assert.equal(record?.key_hash, hash('sha256', exportSpki(keys.publicKey), 'hex'))
  })
})

describe('tpm', { skip: skipReason('python3-acme', 'python3-cbor2', 'swtpm', 'tpm2-tools') }, () => {
  it('ok/ a key of a software TPM; fail/ what differs in one thing', async () => {
    using folder = temporaryFolder('swtpm-')
    const made = await make('tpm', 'tok.thumb', 'LAPTOP-7', folder.path, String(await freePair()))
    const device = { device: 'LAPTOP-7' }
    const spki = check(made, 'good', device)
    assert.ok(typeof spki !== 'string', String(spki))
    assert.deepEqual(Buffer.from(spki), Buffer.from(exportSpki(createPublicKey(made.key))))
    const fails = (object: string, words: RegExp, more: object = {}): void =>
      assert.match(String(check(made, object, { ...device, ...more })), words, object)
    fails('good', /does not name this device/, { device: 'LAPTOP-8' })
    fails('good', /another challenge/, { keyAuthorization: 'tok.other' })
    fails('good', /no root that is configured/, { roots: made.otherRoot })
    fails('otherChallenge', /another challenge/)
    fails('otherKey', /certifies another key/)
    fails('looseKey', /may leave it/)
    fails('altered', /not signed by the attestation key/)
    fails('cutShort', /cut short|certifies another key/)
    fails('otherDevice', /does not name this device/)
    fails('noUsage', /not one for an attestation key/)
    fails('forged', /no root that is configured/)
  })
})

/** swtpm takes the port behind its own for control. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = await freeTcpPort()
    if (port < 65_000) return port
  }
}

describe('CBOR', () => {
  const read = (hex: string) => readCbor(Buffer.from(hex, 'hex'))
  it('ok/ the examples of RFC 8949 appendix A that attestations could use', () => {
    assert.equal(read('1903e8'), 1000)
    assert.equal(read('1a000f4240'), 1_000_000)
    assert.equal(read('3863'), -100)
    assert.deepEqual(read('4401020304'), Uint8Array.from([1, 2, 3, 4]))
    assert.equal(read('62c3bc'), 'ü')
    assert.deepEqual(read('83010203'), [1, 2, 3])
    assert.deepEqual(
      read('a26161016162820203'),
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    )
    assert.deepEqual([read('f4'), read('f5'), read('f6')], [false, true, null])
  })
  it('fail/ cut short at every octet, more behind, indefinite, tagged, floating, twice, too deep, too long', () => {
    const whole = 'a26161016162820203'
    for (let end = 0; end < whole.length; end += 2) assert.throws(() => read(whole.slice(0, end)), CborError)
    const wrong = [
      '0000',
      '5f42010243030405ff',
      '9f01ff',
      'c074',
      'fb3ff199999999999a',
      'f7',
      'a2616101616102',
      'a1f401',
      '62c328',
      '1bffffffffffffffff',
      '5affffffff00',
      '9affffffff',
    ]
    for (const hex of [...wrong, `${'81'.repeat(20)}00`]) assert.throws(() => read(hex), CborError, hex)
    assert.throws(() => read(`9907d0${'00'.repeat(2000)}`), CborError)
  })
})
