/** scepclient of micromdm, a SCEP client in Go. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from './certificates.ts'
import { runToEnd } from './process.ts'

export interface ScepClientRequest {
  readonly url: string
  /** Holds key and certificate under `name`; where a certificate is there already, it is renewed. */
  readonly folder: string
  readonly name: string
  readonly commonName: string
  readonly challenge?: string
  /** Hex SHA-256 of the certificate requests are to be enveloped for, where the server offers several. */
  readonly fingerprint?: string
}

export interface Enrolled {
  /** undefined: nothing was issued. */
  readonly issued: LabCertificate | undefined
  readonly output: string
}

export async function scepClient(request: ScepClientRequest): Promise<Enrolled> {
  const { url, folder, name, commonName, challenge, fingerprint } = request
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  const options = ['-debug', '-server-url', url, '-private-key', key, '-certificate', certificate]
  options.push('-cn', commonName, '-organization', 'Lab')
  if (challenge !== undefined) options.push('-challenge', challenge)
  if (fingerprint !== undefined) options.push('-ca-fingerprint', fingerprint)
  // It writes csr.pem and self.pem where it stands.
  const { code, output } = await runToEnd('scepclient', options, { cwd: folder, milliseconds: 20_000 })
  return { issued: code === 0 && existsSync(certificate) ? { key, certificate } : undefined, output }
}
