/** OCSP answers of `openssl ocsp`, good and hostile. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type Certificate,
  checkOcspResponse,
  createOcspRequest,
  decodePem,
  type OcspCheck,
  type OcspVerdict,
  parseCertificate,
  parseOcspResponse,
} from '../src/index.ts'
import { opensslMissing } from './pkits/openssl.ts'

const DAY = 86_400_000

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

interface Issued {
  readonly certificate: string
  readonly key: string
}

interface Answering {
  /** Who signs; default: the issuing CA itself. */
  readonly signer?: Issued
  readonly args?: readonly string[]
  readonly nonce?: Uint8Array
  readonly hash?: 'sha1' | 'sha256'
}

/** One CA with `openssl ca`'s index, which is what `openssl ocsp` answers from. */
class Ca {
  readonly folder: string
  readonly own: Issued
  readonly issuer: Certificate

  constructor(folder: string, name: string) {
    mkdirSync(folder)
    this.folder = folder
    this.own = { certificate: this.file('ca.pem'), key: this.file('ca.key') }
    for (const [file, text] of [
      ['index.txt', ''],
      ['serial', '1000\n'],
      ['ca.cnf', this.#configuration()],
    ] as const) {
      writeFileSync(this.file(file), text)
    }
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const out = ['-keyout', this.own.key, '-out', this.own.certificate]
    openssl('req', '-x509', ...key, '-days', '100', '-subj', `/CN=${name}`, ...out)
    this.issuer = read(this.own.certificate)
  }

  file(name: string): string {
    return join(this.folder, name)
  }

  issue(name: string, section = 'leaf', dates: readonly string[] = ['-days', '30']): Issued {
    const [certificate, key, request] = [this.file(`${name}.pem`), this.file(`${name}.key`), this.file('csr')]
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
    openssl('req', '-new', ...newKey, '-subj', `/CN=${name}`, '-out', request)
    const options = ['-batch', '-notext', '-config', this.file('ca.cnf'), '-extensions', section, ...dates]
    openssl('ca', ...options, '-in', request, '-out', certificate)
    return { certificate, key }
  }

  revoke({ certificate }: Issued): void {
    openssl('ca', '-config', this.file('ca.cnf'), '-revoke', certificate, '-crl_reason', 'keyCompromise')
  }

  /** What `openssl ocsp` answers to our question about `subject`. */
  answer(subject: Certificate, { signer = this.own, args = ['-ndays', '1'], nonce, hash }: Answering = {}) {
    const question = { certificate: subject, issuer: this.issuer }
    const more = { ...(nonce && { nonce }), ...(hash && { hash }) }
    writeFileSync(this.file('req'), createOcspRequest({ ...question, ...more }))
    const files = ['-index', this.file('index.txt'), '-CA', this.own.certificate, '-reqin', this.file('req')]
    const sign = ['-rsigner', signer.certificate, '-rkey', signer.key, '-respout', this.file('resp')]
    openssl('ocsp', ...files, ...sign, ...args)
    return readFileSync(this.file('resp'))
  }

  #configuration(): string {
    return `[ca]
default_ca = lab
[lab]
database = ${this.file('index.txt')}
new_certs_dir = ${this.folder}
certificate = ${this.own.certificate}
private_key = ${this.own.key}
serial = ${this.file('serial')}
default_md = sha256
default_crl_days = 1
policy = any
unique_subject = no
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
[ocsp]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
[checked]
basicConstraints = CA:FALSE
extendedKeyUsage = OCSPSigning
[any-purpose]
basicConstraints = CA:FALSE
extendedKeyUsage = anyExtendedKeyUsage
`
  }
}

function read(file: string): Certificate {
  const [der] = decodePem('CERTIFICATE', readFileSync(file, 'utf8'))
  assert.ok(der)
  return parseCertificate(der)
}

describe('OCSP', { skip: opensslMissing() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ocsp-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  let ca: Ca
  let foreign: Ca
  let good: Certificate
  let revoked: Certificate
  let unknown: Certificate
  let delegate: Issued

  before(() => {
    ca = new Ca(join(folder, 'ca'), 'Issuing CA')
    // The same name, another key: whoever goes by names alone is fooled.
    foreign = new Ca(join(folder, 'foreign'), 'Issuing CA')
    good = read(ca.issue('good').certificate)
    const bad = ca.issue('bad')
    ca.revoke(bad)
    revoked = read(bad.certificate)
    delegate = ca.issue('responder', 'ocsp')
    unknown = read(foreign.issue('unknown', 'leaf', ['-days', '30']).certificate)
  })

  const check = (certificate: Certificate, more: Partial<OcspCheck> = {}): OcspCheck => ({
    ...{ certificate, issuer: ca.issuer, at: Date.now() },
    ...more,
  })

  function said(verdict: OcspVerdict): string {
    return verdict.kind === 'unusable' ? verdict.fault : verdict.kind
  }

  it('ok/good and revoked, signed by the issuer, by CertIDs of SHA-1 and SHA-256', () => {
    for (const hash of ['sha1', 'sha256'] as const) {
      const verdict = checkOcspResponse(ca.answer(good, { hash }), check(good))
      assert.equal(verdict.kind, 'good')
      assert.ok(verdict.kind === 'good' && verdict.until - verdict.thisUpdate === DAY)
      const bad = checkOcspResponse(ca.answer(revoked, { hash }), check(revoked))
      assert.deepEqual([bad.kind, bad.kind === 'revoked' && bad.reason], ['revoked', 'keyCompromise'])
    }
  })

  it('ok/signed by a responder the issuer has certified for it, named by name or by key', () => {
    for (const args of [
      ['-ndays', '1'],
      ['-ndays', '1', '-resp_key_id'],
    ]) {
      const answer = ca.answer(good, { signer: delegate, args })
      assert.equal(said(checkOcspResponse(answer, check(good))), 'good')
    }
  })

  it('ok/an answer without a next update holds for moments', () => {
    const answer = ca.answer(good, { args: [] })
    const at = Date.now()
    assert.equal(said(checkOcspResponse(answer, check(good, { at }))), 'good')
    assert.equal(said(checkOcspResponse(answer, check(good, { at: at + 6 * 60_000 }))), 'expired')
  })

  it('ok/a certificate the responder does not know is unknown, never good', () => {
    const stranger = { ...unknown, serial: Uint8Array.of(0x7f, 0x01) }
    assert.equal(said(checkOcspResponse(ca.answer(stranger), check(stranger))), 'unknown')
  })

  it('fail/signed by another CA of the same name, with or without its certificate', () => {
    for (const args of [
      ['-ndays', '1'],
      ['-ndays', '1', '-resp_no_certs'],
    ]) {
      const answer = ca.answer(good, { signer: foreign.own, args })
      assert.equal(said(checkOcspResponse(answer, check(good))), 'signature-invalid')
    }
    const delegated = ca.answer(good, { signer: foreign.issue('their-responder', 'ocsp') })
    assert.equal(said(checkOcspResponse(delegated, check(good))), 'responder-untrusted')
  })

  it('fail/a responder without OCSPSigning, with any purpose, expired, not sent, revoked', () => {
    const past = ['-startdate', '20240101000000Z', '-enddate', '20240201000000Z']
    for (const signer of [
      ca.issue('plain'),
      ca.issue('anything', 'any-purpose'),
      ca.issue('ended', 'ocsp', past),
    ]) {
      const verdict = checkOcspResponse(ca.answer(good, { signer }), check(good))
      assert.equal(said(verdict), 'responder-untrusted', signer.certificate)
    }
    const unsent = ca.answer(good, { signer: delegate, args: ['-ndays', '1', '-resp_no_certs'] })
    assert.equal(said(checkOcspResponse(unsent, check(good))), 'responder-untrusted')
    const checked = ca.answer(good, { signer: ca.issue('checked', 'checked') })
    assert.equal(said(checkOcspResponse(checked, check(good, { isRevoked: () => false }))), 'good')
    const verdict = checkOcspResponse(checked, check(good, { isRevoked: () => true }))
    assert.equal(said(verdict), 'responder-untrusted')
    // With nocheck the issuer says that nobody need ask.
    const nocheck = ca.answer(good, { signer: delegate })
    assert.equal(said(checkOcspResponse(nocheck, check(good, { isRevoked: () => true }))), 'good')
  })

  it('fail/about another certificate, or of another issuer', () => {
    assert.equal(said(checkOcspResponse(ca.answer(good), check(revoked))), 'other-certificate')
    const elsewhere = check(good, { issuer: foreign.issuer })
    assert.equal(said(checkOcspResponse(ca.answer(good), elsewhere)), 'signature-invalid')
  })

  it('fail/too old, from the future', () => {
    const answer = ca.answer(good)
    const now = Date.now()
    assert.equal(said(checkOcspResponse(answer, check(good, { at: now + 2 * DAY }))), 'expired')
    assert.equal(said(checkOcspResponse(answer, check(good, { at: now - DAY }))), 'not-yet-valid')
  })

  it('fail/the answer to another question, by its nonce; without one it is taken', () => {
    const [mine, other] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)]
    const answer = ca.answer(good, { nonce: mine })
    assert.equal(said(checkOcspResponse(answer, check(good, { nonce: mine }))), 'good')
    assert.equal(said(checkOcspResponse(answer, check(good, { nonce: other }))), 'nonce-mismatch')
    assert.equal(said(checkOcspResponse(ca.answer(good), check(good, { nonce: mine }))), 'good')
  })

  it('fail/a responder that gives no answer', () => {
    const said1 = (status: number) =>
      said(checkOcspResponse(Uint8Array.of(0x30, 3, 0x0a, 1, status), check(good)))
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(said1), [
      'malformed-request',
      'internal-error',
      'try-later',
      'malformed',
      'signature-required',
      'unauthorized',
      'malformed',
    ])
    assert.equal(said1(0), 'malformed')
  })

  it('fail/every truncation and every changed octet: never good, never an exception', () => {
    const answer = ca.answer(good, { signer: delegate })
    for (let length = 0; length < answer.length; length++) {
      assert.equal(said(checkOcspResponse(answer.subarray(0, length), check(good))), 'malformed')
    }
    const parsed = parseOcspResponse(answer)
    assert.ok(parsed.ok)
    const signed = Buffer.from(answer).indexOf(Buffer.from(parsed.basic.tbs))
    for (let at = 0; at < parsed.basic.tbs.length; at++) {
      const changed = Uint8Array.from(answer)
      changed[signed + at] = (changed[signed + at] ?? 0) ^ 0x01
      assert.equal(checkOcspResponse(changed, check(good)).kind, 'unusable', `octet ${at}`)
    }
  })
})
