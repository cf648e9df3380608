import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodePem } from '../../src/pem.ts'
import type { Chain } from './pkits-case.ts'

export function opensslMissing(): string | false {
  if (spawnSync('openssl', ['version']).status === 0) return false
  if (process.env.CI) throw new Error('openssl is not installed')
  return 'openssl is not installed'
}

/** The verdict of `openssl verify` on the same chain, CRLs and policies: true, or the error it names. */
export function opensslVerdict({ anchor, chain, crls, policy }: Chain, at: number): true | string {
  const folder = mkdtempSync(join(tmpdir(), 'pkits-'))
  try {
    const file = (name: string, label: 'CERTIFICATE' | 'X509 CRL', ders: readonly { der: Uint8Array }[]) => {
      writeFileSync(join(folder, name), ders.map(({ der }) => encodePem(label, der)).join(''))
      return join(folder, name)
    }
    const [leaf, ...intermediates] = chain
    if (leaf === undefined) throw new Error('a chain has a leaf')
    const result = spawnSync(
      'openssl',
      [
        ...['verify', '-attime', String(at / 1000), '-CAfile', file('anchor.pem', 'CERTIFICATE', [anchor])],
        ...(intermediates.length > 0
          ? ['-untrusted', file('intermediates.pem', 'CERTIFICATE', intermediates)]
          : []),
        ...(crls === undefined ? [] : ['-crl_check_all', '-extended_crl']),
        ...(crls !== undefined && crls.length > 0 ? ['-CRLfile', file('crls.pem', 'X509 CRL', crls)] : []),
        ...(crls?.some(({ baseNumber }) => baseNumber !== undefined) ? ['-use_deltas'] : []),
        '-policy_check',
        // Without a policy OpenSSL accepts none, where RFC 5280 begins with any-policy.
        ...(policy?.acceptable ?? ['2.5.29.32.0']).flatMap((oid) => ['-policy', oid]),
        ...(policy?.requireExplicit ? ['-explicit_policy'] : []),
        ...(policy?.inhibitAny ? ['-inhibit_any'] : []),
        ...(policy?.inhibitMapping ? ['-inhibit_map'] : []),
        file('leaf.pem', 'CERTIFICATE', [leaf]),
      ],
      { encoding: 'utf8', timeout: 10_000 },
    )
    if (result.status === 0) return true
    return /error \d+.*/.exec(result.stderr)?.[0] ?? result.stderr
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
