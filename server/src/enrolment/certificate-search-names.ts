import { certificateNames, decodePem, PkiError, parseCertificate } from '@sallyport/pki'

const COMMON_NAME = '2.5.4.3'
/** More names than this are those of no person, computer or service. */
const MOST_NAMES = 64

/** What a certificate is looked for by, in lower case: its names, and those of its row. */
export function certificateSearchNames(pem: string, others: readonly (string | null)[]): string[] {
  const found = [...others.filter((name) => name !== null), ...namesIn(pem)]
  const names = new Set(found.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''))
  return [...names].slice(0, MOST_NAMES)
}

function namesIn(pem: string): string[] {
  const [der] = decodePem('CERTIFICATE', pem)
  if (der === undefined) return []
  try {
    const certificate = parseCertificate(der)
    const { upns, dnsNames, emails } = certificateNames(certificate)
    const common = certificate.subject.rdns
      .flat()
      .flatMap(({ type, text }) => (type === COMMON_NAME && text !== undefined ? [text] : []))
    return [...common, ...upns, ...dnsNames, ...emails]
  } catch (error) {
    if (error instanceof PkiError) return []
    throw error
  }
}
