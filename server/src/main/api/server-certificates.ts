import { certificateNames } from '@sallyport/pki'
import type { ServedServerCertificate } from '../../enrolment/served-certificates.ts'
import { readChain } from '../../enrolment/server-certificate-check.ts'
import type { ServerCertificate, Services } from '../../listeners/https/services.ts'

/** @param served what logins that begin now are shown */
export function serverCertificateApi(
  served: () => readonly ServedServerCertificate[],
): Services['serverCertificates'] {
  return { list: async () => served().flatMap(shownCertificates) }
}

function shownCertificates({
  name,
  certificates,
  clients,
  realms,
}: ServedServerCertificate): ServerCertificate[] {
  return certificates.flatMap(({ chain }) => {
    const [leaf] = readChain(chain)
    if (leaf === undefined) return []
    const { subject, issuer, serial, fingerprint, notBefore, notAfter, dnsNames } = certificateNames(leaf)
    const key = leaf.publicKey?.asymmetricKeyType === 'rsa' ? ('rsa' as const) : ('ecdsa' as const)
    return [
      { name, key, subject, issuer, serial, fingerprint, notBefore, notAfter, dnsNames, clients, realms },
    ]
  })
}
