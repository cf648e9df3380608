import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import {
  distinguishedName,
  generateKeyPairFor,
  revocationPointers,
  USER_AUTHENTICATION,
  validatePath,
} from '@sallyport/pki'
import { Sealer } from '../kernel/seal.ts'
import { CertificateAuthority, DAY, type EndEntityRequest } from './authority.ts'
import { compileAuthority } from './client-certificate-check.ts'
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

test('keys rest sealed, each to its own serial', async () => {
  const { parts, authority } = await openAuthorityBench()
  const [root] = await parts.store.issuedOfKind('root-ca')
  const [issuing] = await parts.store.issuedOfKind('issuing-ca')
  assert.ok(root?.key_sealed?.startsWith('sealed:'))
  assert.throws(() => createPrivateKey(root?.key_sealed ?? ''))
  // The sealed key of the root in the row of the issuing CA must not open there.
  const swapped = {
    ...parts,
    store: {
      ...remote(parts.store),
      issuedOfKind: async (kind: string) =>
        (await parts.store.issuedOfKind(kind)).map((row) => ({
          ...row,
          key_sealed: root?.key_sealed ?? null,
        })),
    },
  }
  await assert.rejects(CertificateAuthority.open(swapped), { code: 'seal-broken' })
  const stranger = { ...parts, sealer: new Sealer([{ id: 'k1', key: new Uint8Array(32) }]) }
  await assert.rejects(CertificateAuthority.open(stranger), { code: 'seal-broken' })
  assert.equal(issuing?.fingerprint, authority.issuing.fingerprint)
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

test('a new issuing CA takes over in time, and what the former one issued stays good and revocable', async () => {
  const { parts, authority } = await openAuthorityBench()
  parts.clock.advance(3000 * DAY)
  const [kept, stolen] = [await authority.issue(clientRequest()), await authority.issue(clientRequest())]
  const next = await CertificateAuthority.open(parts)
  assert.notEqual(next.issuing.fingerprint, authority.issuing.fingerprint)
  assert.equal(next.root.fingerprint, authority.root.fingerprint)
  await next.revoke(Buffer.from(stolen.serial).toString('hex'), 'keyCompromise')
  const trust = compileAuthority(await next.trust())
  const ok = [kept, stolen, await next.issue(clientRequest())].map(
    ({ der }) => validatePath([der], { ...trust, at: parts.clock.now(), purpose: 'client-auth' }).ok,
  )
  assert.deepEqual(ok, [true, false, true])
  // After the issuing CAs the root: late in its life a new root is made, and both are trusted.
  parts.clock.advance(3700 * DAY)
  const third = await CertificateAuthority.open(parts)
  assert.notEqual(third.root.fingerprint, authority.root.fingerprint)
  assert.equal((await third.trust()).anchors.length, 2)
})

test('a revoked certificate is on the next CRL, with its reason', async () => {
  const { parts, authority } = await openAuthorityBench()
  const certificate = await authority.issue(clientRequest())
  const verdict = async () =>
    validatePath([certificate.der], {
      ...compileAuthority(await authority.trust()),
      at: parts.clock.now(),
      purpose: 'client-auth',
      revocation: 'available',
    })
  assert.equal((await verdict()).ok, true)
  const serial = Buffer.from(certificate.serial).toString('hex')
  parts.clock.advance(1000)
  assert.equal(await authority.revoke(serial, 'keyCompromise'), true)
  assert.equal(await authority.revoke(serial, 'keyCompromise'), false)
  const after = await verdict()
  assert.equal(after.ok ? 'ok' : after.reason, 'revoked')
  assert.equal(after.ok ? undefined : after.revocation?.reason, 'keyCompromise')
})

/** Methods of the class, bound, so that a test can replace one. */
function remote(store: Awaited<ReturnType<typeof openAuthorityBench>>['parts']['store']) {
  return {
    record: store.record.bind(store),
    markIssued: store.markIssued.bind(store),
    find: store.find.bind(store),
    list: store.list.bind(store),
    issuedOfKind: store.issuedOfKind.bind(store),
    revoke: store.revoke.bind(store),
    revoked: store.revoked.bind(store),
  }
}
