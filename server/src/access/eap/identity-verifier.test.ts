import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthenticationOrder } from '../../identity/authentication-order.ts'
import { FakeClock } from '../../kernel/clock.ts'
import type { CertificateFacts } from '../../policy/facts.ts'
import { reason } from '../../reasons/index.ts'
import { type CertificateJudge, IdentityVerifier, type ProvedIdentity } from './identity-verifier.ts'

const CHAIN = [Uint8Array.of(0x30, 0x00)]
/** As EapLogin gives it to a conversation. */
const SCOPE = { device: { client: 'nas' } }
const REVOKED = reason('certificate-revoked', { subject: 'CN=mallory' })

/** Everybody has an account; the one certificate is mallory's, whatever its holder calls itself. */
function verifierOf() {
  const asked: string[] = []
  const ids = { of: 'ad/1' }
  const authenticated = (userName: string) => {
    asked.push(userName)
    return {
      outcome: { kind: 'authenticated', user: { id: ids.of, name: userName } },
      user: userName,
      tried: [],
    }
  }
  const order = { authenticate: authenticated, resolve: authenticated }
  const judged: { revoked: boolean } = { revoked: false }
  const judge: CertificateJudge = {
    judge: (chain) => {
      assert.deepEqual(chain, CHAIN)
      if (judged.revoked) return { ok: false, reason: REVOKED }
      return { ok: true, certificate: {} as CertificateFacts, userName: 'mallory' } // no fact is looked at
    },
  }
  // The two questions that are asked here.
  const verifier = new IdentityVerifier(order as unknown as AuthenticationOrder, judge, new FakeClock())
  return { verifier, asked, judged, ids }
}

async function firstLogin(verifier: IdentityVerifier): Promise<ProvedIdentity> {
  const verdict = await verifier.certificate('alice', CHAIN, {
    resumed: false,
    opensslError: undefined,
    scope: SCOPE,
  })
  assert.equal(verdict.ok, true)
  return verdict.ok === true ? (verdict.proof as ProvedIdentity) : assert.fail()
}

test('fail/a resumed tunnel whose certificate was revoked meanwhile is refused for that', async () => {
  const { verifier, judged } = verifierOf()
  const proof = await firstLogin(verifier)
  judged.revoked = true
  assert.deepEqual(await verifier.resumed('alice', proof, SCOPE), {
    ok: false,
    failure: { code: 'refused', cause: { reason: REVOKED } },
  })
})

test('ok/a resumed tunnel stands for the user of its certificate, not for the name its peer gave', async () => {
  const { verifier, asked } = verifierOf()
  const proof = await firstLogin(verifier)
  const verdict = await verifier.resumed('alice', proof, SCOPE)
  assert.equal(verdict.ok, true)
  assert.deepEqual(asked, ['mallory', 'mallory'])
})

test('fail/a resumed tunnel is not for a new account that has the name now', async () => {
  const { verifier, ids } = verifierOf()
  const first = await verifier.password('ada', Uint8Array.of(1), SCOPE)
  assert.ok(first.ok === true)
  assert.equal((await verifier.resumed('ada', first.proof, SCOPE)).ok, true)
  ids.of = 'ad/2'
  assert.equal((await verifier.resumed('ada', first.proof, SCOPE)).ok, false)
})
