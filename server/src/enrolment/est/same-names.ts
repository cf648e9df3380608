import {
  type Certificate,
  type CertificationRequest,
  type GeneralName,
  nameText,
  sameName,
} from '@sallyport/pki'
import { type Reason, reason } from '../../reasons/index.ts'
import { nameInText } from '../registration/allowed-names.ts'

/**
 * RFC 7030 section 4.2.2: a request at simplereenroll is for the subject and the names of the certificate it is asked with.
 * Names it leaves out are no other names: most clients cannot write a principal name, and the server builds them anyway.
 */
export function namesFault(request: CertificationRequest, certificate: Certificate): Reason | undefined {
  const held = nameText(certificate.subject)
  if (!sameName(request.subject, certificate.subject))
    return reason('est-names-differ', {
      asked: nameText(request.subject) || 'no subject',
      held: held || 'none',
    })
  const inText = (name: GeneralName): string => nameInText(name).toLowerCase()
  const names = new Set((certificate.extensions.subjectAltName ?? []).map(inText))
  const other = (request.extensions.subjectAltName ?? []).map(inText).find((name) => !names.has(name))
  if (other === undefined) return undefined
  return reason('est-names-differ', { asked: other, held: [...names].join(', ') || held })
}
