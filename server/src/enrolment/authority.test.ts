import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import {
  createIssuingCertificate,
  createRootCertificate,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  revocationPointers,
  USER_AUTHENTICATION,
  validatePath,
} from '@sallyport/pki'
import { Sealer } from '../kernel/seal.ts'
import type { AuthorityRecord } from './authority/authority-store.ts'
import { CertificateAuthority, DAY, type EndEntityRequest } from './authority.ts'
import { compileAuthority } from './client-certificate-check.ts'
import { sealPrivateKey } from './private-key.ts'
import { caKeyId } from './publication-paths.ts'
import { openAuthorityBench } from './testing.ts'

function clientRequest(): EndEntityRequest {
  return {
    kind: 'client',
    template: USER_AUTHENTICATION,
    subject: distinguishedName(['CN', 'alice']),
    san: [{ kind: 'upn', name: 'alice' }],
    publicKey: generateKeyPairFor('p256').publicKey,
    days: 365,
  }
}

test('a second start opens the same authority', async () => {
  const { parts, authority } = await openAuthorityBench()
  const again = await CertificateAuthority.open(parts)
  assert.equal(again.root.fingerprint, authority.root.fingerprint)
  assert.equal(again.issuing.fingerprint, authority.issuing.fingerprint)
})

test('two authorities never carry the same name', async () => {
  const [one, other] = [await openAuthorityBench(), await openAuthorityBench()]
  assert.notEqual(one.authority.root.subject.key, other.authority.root.subject.key)
})

test('keys rest sealed, each for its own CA', async () => {
  const { parts, authority } = await openAuthorityBench()
  const records = await parts.authorities.list()
  const root = records.find(({ role }) => role === 'root')
  assert.deepEqual(records.map(({ role, state }) => [role, state]).sort(), [
    ['issuing', 'active'],
    ['root', 'active'],
  ])
  assert.ok(root?.key_sealed?.startsWith('sealed:'))
  assert.throws(() => createPrivateKey(root?.key_sealed ?? ''))
  // The sealed key of the root in the row of the issuing CA must not open there.
  const swapped = records.map((row) => ({ ...row, key_sealed: root?.key_sealed ?? null }))
  const authorities = { ...remote(parts.authorities), list: async () => swapped }
  await assert.rejects(CertificateAuthority.open({ ...parts, authorities }), { code: 'seal-broken' })
  const stranger = { ...parts, sealer: new Sealer([{ id: 'k1', key: new Uint8Array(32) }]) }
  await assert.rejects(CertificateAuthority.open(stranger), { code: 'seal-broken' })
  assert.equal((await parts.store.issuedOfKind('issuing-ca'))[0]?.fingerprint, authority.issuing.fingerprint)
})

test('ok/RSA-3072 on demand, for root and issuing CA', async () => {
  const { authority } = await openAuthorityBench('rsa3072')
  for (const { publicKey } of [authority.root, authority.issuing]) {
    assert.equal(publicKey?.asymmetricKeyDetails?.modulusLength, 3072)
  }
})

test('ok/the CAs of a database from before they had a table of their own are taken over', async () => {
  const { parts } = await openAuthorityBench()
  const keys = generateKeyPairFor('p256')
  const [rootSubject, subject] = [distinguishedName(['CN', 'Old Root']), distinguishedName(['CN', 'Old'])]
  const validity = { notBefore: parts.clock.now(), notAfter: parts.clock.now() + 3000 * DAY }
  const root = createRootCertificate({ subject: rootSubject, ...keys, ...validity })
  const issuer = { certificate: root, privateKey: keys.privateKey }
  const certificate = createIssuingCertificate({ subject, publicKey: keys.publicKey, issuer, ...validity })
  for (const [kind, ca] of [['root-ca', root] as const, ['issuing-ca', certificate] as const]) {
    const serial = Buffer.from(ca.serial).toString('hex')
    await parts.store.record({
      ...{ serial, kind, subject: 'CN=Old', created_at: 1, not_before: 0, not_after: ca.notAfter },
      key_sealed: sealPrivateKey(parts.sealer, serial, keys.privateKey),
    })
    await parts.store.markIssued(serial, encodePem('CERTIFICATE', ca.der), ca.fingerprint)
  }
  const stored: AuthorityRecord[] = []
  const authorities = {
    ...remote(parts.authorities),
    list: async () => stored,
    insert: async (...records: readonly AuthorityRecord[]) => void stored.push(...records),
  }
  const taken = await CertificateAuthority.open({ ...parts, authorities })
  assert.equal(taken.issuing.fingerprint, certificate.fingerprint)
  assert.deepEqual(taken.all.map(({ role, state }) => `${role} ${state}`).sort(), [
    'issuing active',
    'root active',
  ])
})

test('the serial is recorded before anything is signed with it', async () => {
  const { parts, authority } = await openAuthorityBench()
  const failing = {
    ...parts,
    store: { ...remote(parts.store), record: () => Promise.reject(new Error('disk full')) },
  }
  const broken = await CertificateAuthority.open(failing)
  await assert.rejects(broken.issue(clientRequest()), /disk full/)

  // A crash between recording and marking leaves a row that says so, and no certificate.
  const crashing = {
    ...parts,
    store: { ...remote(parts.store), markIssued: () => Promise.reject(new Error('killed')) },
  }
  await assert.rejects((await CertificateAuthority.open(crashing)).issue(clientRequest()), /killed/)
  assert.deepEqual(await parts.store.issuedOfKind('client'), [])

  const issued = await authority.issue(clientRequest())
  assert.equal((await parts.store.issuedOfKind('client'))[0]?.fingerprint, issued.fingerprint)
})

test('ok/a certificate says where CRL, OCSP and CA are once that is known, and who it is for is stored with its serial', async () => {
  const { parts, authority } = await openAuthorityBench()
  assert.equal(revocationPointers(await authority.issue(clientRequest())).named, false)
  authority.publishAt('http://pki.example.org')
  const origin = { template: 'user', template_revision: 3, protocol: 'est', holder_id: 'local/u1' }
  const certificate = await authority.issue({ ...clientRequest(), origin, sid: 'S-1-5-21-1-2-3-500' })
  const keyId = caKeyId(authority.issuing)
  assert.deepEqual(revocationPointers(certificate), {
    crlUrls: [`http://pki.example.org/crl/${keyId}.crl`],
    ocspUrls: ['http://pki.example.org/ocsp'],
    named: true,
  })
  const record = await parts.store.find(Buffer.from(certificate.serial).toString('hex'))
  assert.deepEqual(
    [record?.template, record?.template_revision, record?.protocol, record?.holder_id, record?.issuer_key],
    ['user', 3, 'est', 'local/u1', keyId],
  )
})

test('no certificate outlives the issuing CA', async () => {
  const { parts, authority } = await openAuthorityBench()
  parts.clock.advance(3600 * DAY)
  const certificate = await authority.issue(clientRequest())
  assert.equal(certificate.notAfter, authority.issuing.notAfter)
})

test('a new issuing CA takes over in time, and what the former one issued stays good', async () => {
  const { parts, authority } = await openAuthorityBench()
  parts.clock.advance(3000 * DAY)
  const kept = await authority.issue(clientRequest())
  const next = await CertificateAuthority.open(parts)
  assert.notEqual(next.issuing.fingerprint, authority.issuing.fingerprint)
  assert.equal(next.root.fingerprint, authority.root.fingerprint)
  const trust = compileAuthority(await next.trust())
  const ok = [kept, await next.issue(clientRequest())].map(
    ({ der }) => validatePath([der], { ...trust, at: parts.clock.now(), purpose: 'client-auth' }).ok,
  )
  assert.deepEqual(ok, [true, true])
  // After the issuing CAs the root: late in its life a new root is prepared, and both are trusted.
  parts.clock.advance(3700 * DAY)
  const third = await CertificateAuthority.open(parts)
  assert.equal(third.root.fingerprint, authority.root.fingerprint)
  assert.equal((await third.trust()).anchors.length, 2)
  assert.deepEqual(third.anchors[1]?.fingerprint, third.prepared?.chain[0]?.fingerprint)
  // Nobody switched, and the old root has ended: what is prepared is better than nothing.
  parts.clock.advance(700 * DAY)
  const last = await CertificateAuthority.open(parts)
  assert.equal(last.issuing.fingerprint, third.prepared?.certificate.fingerprint)
})

/** Methods of the class, bound, so that a test can replace one. */
function remote<Store extends object>(store: Store): Store {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(store))
  const bound = names.map((name) => [name, Reflect.get(store, name)] as const)
  return Object.fromEntries(
    bound.map(([name, method]) => [name, typeof method === 'function' ? method.bind(store) : method]),
  ) as Store // every method of it
}
