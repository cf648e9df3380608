import type { CertificateContext, Verdict } from '../src/verifier.ts'
import { PasswordVerifier } from './password-verifier.ts'

/** A {@link PasswordVerifier} that takes a certificate as well, and says yes to a resumed login while `active`. */
export class LoginVerifier extends PasswordVerifier {
  active = true
  readonly certificates: (CertificateContext & { readonly chain: number })[] = []
  readonly remembered: unknown[] = []

  override certificate(
    identity: string = '',
    chain: readonly Uint8Array[] = [],
    context: CertificateContext = { resumed: false, scope: undefined, opensslError: 'none' },
  ): Verdict {
    this.certificates.push({ ...context, chain: chain.length })
    if (context.opensslError !== undefined) {
      return { ok: false, failure: { code: 'refused', detail: { openssl: context.opensslError } } }
    }
    return this.active
      ? { ok: true, proof: { certificate: identity } }
      : { ok: false, failure: { code: 'refused' } }
  }

  override resumed(user: string, remembered?: unknown): Verdict {
    this.remembered.push(remembered)
    return this.active ? { ok: true, proof: { user } } : { ok: false, failure: { code: 'refused' } }
  }
}
