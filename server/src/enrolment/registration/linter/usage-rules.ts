import { EKU } from '@sallyport/pki'
import { isForClients } from '../template-profile.ts'
import { refuse, type TemplateRule, warn } from './finding.ts'

/** Usages no template may have, and why. */
const DEADLY: readonly (readonly [oids: readonly string[], code: string, message: string])[] = [
  [
    [EKU.any, EKU.anyApplicationPolicy],
    'template-esc2',
    'ESC2: a certificate for any purpose logs in, signs for servers and enrols for others. List the usages that are needed.',
  ],
  [
    [EKU.enrolmentAgent, EKU.cmcRegistrationAuthority],
    'template-esc3',
    'ESC3: an enrolment agent gets certificates in the name of everybody else. Administrators do that here, and are logged.',
  ],
  [
    [EKU.ocspSigning, EKU.caExchange, EKU.keyRecoveryAgent],
    'template-ca-usage',
    'Whoever holds it speaks for the CA. The product has such certificates of its own and gives none away.',
  ],
]

/** ESC2, ESC3 and what belongs to a CA. */
export const deadlyUsages: TemplateRule = (linted) =>
  DEADLY.flatMap(([oids, code, message]) =>
    linted.profile.extendedKeyUsages.some((oid) => oids.includes(oid))
      ? refuse(linted, 'extendedKeyUsages', code, message)
      : [],
  )

/** What is rightly issued, but not by the way. */
export const heavyUsages: TemplateRule = (linted) => {
  const { extendedKeyUsages } = linted.profile
  const [kdc, code] = [EKU.kerberosKdc, EKU.codeSigning].map((oid) => extendedKeyUsages.includes(oid))
  return [
    ...(kdc === true
      ? warn(
          linted,
          'extendedKeyUsages',
          'template-kdc',
          'With the usage of a Kerberos KDC its holder is a domain controller to every client. Let domain controllers alone enrol.',
        )
      : []),
    ...(code === true
      ? warn(
          linted,
          'extendedKeyUsages',
          'template-code-signing',
          'What is signed with it runs wherever the CA is trusted. Ask for approval and keep the group small.',
        )
      : []),
  ]
}

/** Windows prefers what it can use for most: servers' certificates of computers are chosen for logins and fail there. */
export const mixedUsages: TemplateRule = (linted) => {
  const { extendedKeyUsages, holder } = linted.profile
  const isMixed = isForClients(linted.profile) && extendedKeyUsages.includes(EKU.serverAuth)
  return isMixed && holder !== 'server'
    ? warn(
        linted,
        'extendedKeyUsages',
        'template-client-and-server',
        'Whoever may enrol could also stand in for a server of its name. Take a template of its own for servers.',
      )
    : []
}
