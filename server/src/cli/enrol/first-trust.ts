import { isSelfIssued } from '@sallyport/pki'
import { CliError, usageError } from '../cli-error.ts'
import type { CertificateFolder } from './certificate-folder.ts'
import type { EnrolmentProtocolClient } from './protocol.ts'
import { anchorByFingerprint, certificatesIn, pemOf, readFingerprint } from './trust-anchors.ts'

export interface FirstTrust {
  /** Text of a PEM file. */
  readonly ca: string | undefined
  readonly fingerprint: string | undefined
  readonly isEncrypted: boolean
  /** Without any check of the server. */
  readonly unverified: () => EnrolmentProtocolClient
  /** The server checked by the CAs the system trusts. */
  readonly bySystem: () => EnrolmentProtocolClient
}

/**
 * Which CA a server and its certificates are judged by, kept from then on: a file, a CA the server shows whose fingerprint
 * somebody read elsewhere, or - over TLS that the system trusts - the roots the server shows.
 */
export async function firstTrust(folder: CertificateFolder, trust: FirstTrust): Promise<string> {
  const kept = folder.authorities()
  if (trust.ca === undefined && trust.fingerprint === undefined && kept !== undefined) return kept
  const pem = await chosen(trust)
  folder.keepAuthorities(pem)
  return pem
}

async function chosen({ ca, fingerprint, isEncrypted, unverified, bySystem }: FirstTrust): Promise<string> {
  if (ca !== undefined) {
    const certificates = certificatesIn(ca)
    if (certificates.length === 0) throw usageError('The file of --ca holds no certificate in PEM.')
    return pemOf(certificates)
  }
  if (fingerprint !== undefined) {
    const wanted = readFingerprint(fingerprint)
    return pemOf([anchorByFingerprint(await unverified().authorities(), wanted)])
  }
  if (!isEncrypted) {
    throw usageError('Over http:// nothing tells whose server it is: give --ca FILE or --fingerprint SHA256.')
  }
  const roots = (await bySystem().authorities()).filter(isSelfIssued)
  if (roots.length === 0) throw new CliError('The server shows no root CA. Give it with --ca FILE.')
  return pemOf(roots)
}
