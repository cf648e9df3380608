import type { LabCertificate } from '../../certificates.ts'
import { runToEnd } from '../../process.ts'
import type { Enrolled } from '../../scep-client.ts'

/** What a client was given; throws with what it said where that is nothing. */
export function issued({ issued: files, output }: Enrolled): LabCertificate {
  if (files === undefined) throw new Error(output)
  return files
}

/** A new key and a PKCS #10 request for it, by openssl. */
export async function opensslRequest(key: string, request: string, commonName: string): Promise<void> {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', key, '-out', request]
  const { code, output } = await runToEnd('openssl', [
    'req',
    '-new',
    ...kind,
    '-subj',
    `/CN=${commonName}`,
    ...files,
  ])
  if (code !== 0) throw new Error(output)
}
