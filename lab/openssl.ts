/** The openssl command line as a judge of what our CA issues and says. */
import { runToEnd } from './process.ts'

async function openssl(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return runToEnd('openssl', args, { milliseconds: 15_000 })
}

export interface OcspQuery {
  readonly url: string
  /** PEM files. */
  readonly issuer: string
  readonly certificate: string
  readonly root: string
  readonly more?: readonly string[]
}

/**
 * What `openssl ocsp` makes of the answer. It ends with 0 for a revoked certificate as well: what counts is its line
 * `FILE: good`. `verified`: the signature of the answer holds under the root.
 */
export async function opensslOcsp({ url, issuer, certificate, root, more = [] }: OcspQuery): Promise<{
  readonly status: 'good' | 'revoked' | 'unknown' | undefined
  readonly verified: boolean
  readonly output: string
}> {
  const files = ['-issuer', issuer, '-cert', certificate, '-CAfile', root]
  const { output } = await openssl('ocsp', '-url', url, ...files, ...more)
  const status = /: (good|revoked|unknown)$/m.exec(output)?.[1] as 'good' | 'revoked' | 'unknown' | undefined
  return { status, verified: /^Response verify OK$/m.test(output), output }
}

export interface ChainQuery {
  readonly certificate: string
  readonly root: string
  readonly intermediates?: readonly string[]
  /** PEM files; with a list in them the whole chain is checked for revocation. */
  readonly crls?: readonly string[]
  /** e.g. `-purpose sslclient`, `-use_deltas`. */
  readonly more?: readonly string[]
}

/** `openssl verify`. */
export async function opensslVerify(
  query: ChainQuery,
): Promise<{ readonly ok: boolean; readonly output: string }> {
  const { certificate, root, intermediates = [], crls = [], more = [] } = query
  const { code, output } = await openssl(
    ...['verify', '-x509_strict', '-CAfile', root],
    ...intermediates.flatMap((file) => ['-untrusted', file]),
    ...(crls.length === 0
      ? []
      : ['-crl_check_all', '-extended_crl', ...crls.flatMap((file) => ['-CRLfile', file])]),
    ...more,
    certificate,
  )
  return { ok: code === 0, output }
}

/** `openssl x509 -text`, or a part of it: `-ext subjectAltName`, `-serial`. */
export async function certificateText(certificate: string, ...parts: readonly string[]): Promise<string> {
  const wanted = parts.length === 0 ? ['-text'] : parts
  const { code, output } = await openssl('x509', '-in', certificate, '-noout', ...wanted)
  if (code !== 0) throw new Error(`openssl x509: ${output}`)
  return output
}

/** Upper-case hex, as `openssl` writes it. */
export async function serialOf(certificate: string): Promise<string> {
  return (await certificateText(certificate, '-serial')).replace(/^serial=/, '').trim()
}

/** `openssl crl -text`, of DER or PEM. */
export async function crlText(file: string, form: 'DER' | 'PEM' = 'DER'): Promise<string> {
  const { code, output } = await openssl('crl', '-in', file, '-inform', form, '-noout', '-text')
  if (code !== 0) throw new Error(`openssl crl: ${output}`)
  return output
}

/** `openssl pkcs12`: everything in it as PEM, the key without a password. `-legacy` for the old ciphers. */
export async function readPkcs12(
  file: string,
  password: string,
  ...more: readonly string[]
): Promise<{ readonly pem: string | undefined; readonly output: string }> {
  const args = ['-in', file, '-passin', `pass:${password}`, '-nodes', ...more]
  const { code, output } = await openssl('pkcs12', ...args)
  return { pem: code === 0 ? output : undefined, output }
}
