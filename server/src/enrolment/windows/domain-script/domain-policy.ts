import { createHash } from 'node:crypto'

/** What a domain has to know to enrol at this server. */
export interface DomainPolicy {
  /** Roots and issuing CAs, DER. */
  readonly roots: readonly Uint8Array[]
  readonly issuing: readonly Uint8Array[]
  /** Of the enrolment policy service clients ask. */
  readonly url: string
  /** A GUID in braces. */
  readonly policyId: string
  readonly friendlyName: string
  /** 2 Kerberos, 4 name and password. */
  readonly authentication: 2 | 4
  /** Of the group policy object. */
  readonly gpoName: string
}

export type RegistryValue = { readonly key: string; readonly name: string } & (
  | { readonly type: 'REG_SZ'; readonly value: string }
  | { readonly type: 'REG_DWORD'; readonly value: number }
)

const CRYPTOGRAPHY = 'Software\\Policies\\Microsoft\\Cryptography'
/** Enrol and update by templates, manage the store (renew expired, update pending, remove revoked), fetch what waited. */
const AUTO_ENROL = 0x7
/** PsfAutoEnrollmentEnabled. */
const FOR_AUTO_ENROLMENT = 0x10
/** What the editor of Windows writes where nobody chose one. */
const USUAL_COST = 2_147_483_645

/** The values of the policy, the same for computers and users (MS-CAESO section 2.2). */
export function registryValues(policy: DomainPolicy): readonly RegistryValue[] {
  const { url, policyId, friendlyName, authentication } = policy
  const enrolment = `${CRYPTOGRAPHY}\\AutoEnrollment`
  const servers = `${CRYPTOGRAPHY}\\PolicyServers`
  const server = `${servers}\\${serverKey(url)}`
  return [
    { key: enrolment, name: 'AEPolicy', type: 'REG_DWORD', value: AUTO_ENROL },
    { key: enrolment, name: 'OfflineExpirationPercent', type: 'REG_DWORD', value: 10 },
    { key: enrolment, name: 'OfflineExpirationStoreNames', type: 'REG_SZ', value: 'MY' },
    // Without a name: the policy that is the default one.
    { key: servers, name: '', type: 'REG_SZ', value: policyId },
    { key: servers, name: 'Flags', type: 'REG_DWORD', value: 0 },
    { key: server, name: 'URL', type: 'REG_SZ', value: url },
    { key: server, name: 'PolicyID', type: 'REG_SZ', value: policyId },
    { key: server, name: 'FriendlyName', type: 'REG_SZ', value: friendlyName },
    { key: server, name: 'Flags', type: 'REG_DWORD', value: FOR_AUTO_ENROLMENT },
    { key: server, name: 'AuthFlags', type: 'REG_DWORD', value: authentication },
    { key: server, name: 'Cost', type: 'REG_DWORD', value: USUAL_COST },
  ]
}

/**
 * Windows names the key of a policy server by the SHA-1 of its address in small letters, in UTF-16: so it is for `LDAP:`, the one
 * every domain knows. Readers list the keys and take any name.
 */
export function serverKey(url: string): string {
  return createHash('sha1').update(Buffer.from(url.toLowerCase(), 'utf16le')).digest('hex')
}
