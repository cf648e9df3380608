import type { DirectoryEntry } from '../directory.ts'
import { fileTime, integer } from './file-time.ts'
import { guidText, sidText } from './object-ids.ts'

/** userAccountControl and msDS-User-Account-Control-Computed (MS-ADTS sections 2.2.16 and 3.1.1.4.5.17). */
export const ACCOUNT_CONTROL = {
  accountDisabled: 0x2,
  lockout: 0x10,
  interdomainTrust: 0x800,
  workstationTrust: 0x1000,
  serverTrust: 0x2000,
  passwordNeverExpires: 0x10000,
  smartCardRequired: 0x40000,
  passwordExpired: 0x800000,
} as const

/** What of a user or computer says who it is and whether it may come in. */
export const ACCOUNT_ATTRIBUTES = [
  'objectGUID',
  'objectSid',
  'sAMAccountName',
  'userPrincipalName',
  'dNSHostName',
  'servicePrincipalName',
  'altSecurityIdentities',
  'primaryGroupID',
  'memberOf',
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'msDS-UserPasswordExpiryTimeComputed',
  'msDS-ResultantPSO',
  'accountExpires',
  'pwdLastSet',
  'lockoutTime',
  'badPwdCount',
  'badPasswordTime',
  'logonHours',
  'msNPAllowDialin',
] as const

/** A user or computer as the domain controller wrote it. Instants in milliseconds since the epoch. */
export interface AccountEntry {
  readonly dn: string
  readonly guid: string
  readonly sid: Uint8Array
  readonly sidText: string
  readonly accountName: string
  readonly principalName?: string
  readonly dnsHostName?: string
  readonly control: number
  /** Absent: the server does not compute it, or not for this service account. */
  readonly computedControl?: number
  readonly expiresAt?: number
  /** 0: must be changed at the next login. */
  readonly passwordSetAt?: number
  readonly passwordExpiresAt?: number
  readonly lockedAt?: number
  readonly failures?: number
  readonly lastFailureAt?: number
  readonly logonHours?: Uint8Array
  readonly mayDialIn?: boolean
  /** DN of the password settings object that counts for it. */
  readonly passwordSettings?: string
  readonly primaryGroup?: number
  readonly memberOf: readonly string[]
  readonly altSecurityIdentities: readonly string[]
}

/** Undefined: what no account lacks is missing, so the service account may not read it; `missing` says what. */
export function readAccountEntry(entry: DirectoryEntry): AccountEntry | { readonly missing: string } {
  const sid = entry.octets('objectSid')[0]
  const text = sid && sidText(sid)
  const guid = guidText(entry.octets('objectGUID')[0] ?? new Uint8Array())
  const accountName = entry.text('sAMAccountName')
  const control = flags(entry.text('userAccountControl'))
  if (sid === undefined || text === undefined) return { missing: 'objectSid' }
  if (guid === undefined) return { missing: 'objectGUID' }
  if (accountName === undefined) return { missing: 'sAMAccountName' }
  // Without it nobody can say whether the account is disabled.
  if (control === undefined) return { missing: 'userAccountControl' }
  const passwordSet = entry.text('pwdLastSet')
  const optional = {
    principalName: entry.text('userPrincipalName'),
    dnsHostName: entry.text('dNSHostName'),
    computedControl: flags(entry.text('msDS-User-Account-Control-Computed')),
    expiresAt: fileTime(entry.text('accountExpires')),
    passwordSetAt: passwordSet === '0' ? 0 : fileTime(passwordSet),
    passwordExpiresAt: fileTime(entry.text('msDS-UserPasswordExpiryTimeComputed')),
    lockedAt: fileTime(entry.text('lockoutTime')),
    failures: count(entry.text('badPwdCount')),
    lastFailureAt: fileTime(entry.text('badPasswordTime')),
    logonHours: entry.octets('logonHours')[0],
    mayDialIn: truth(entry.text('msNPAllowDialin')),
    passwordSettings: entry.text('msDS-ResultantPSO'),
    primaryGroup: count(entry.text('primaryGroupID')),
  }
  return {
    dn: entry.dn,
    guid,
    sid,
    sidText: text,
    accountName,
    control,
    memberOf: entry.texts('memberOf'),
    altSecurityIdentities: entry.texts('altSecurityIdentities'),
    ...present(optional),
  }
}

type Present<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> }

function present<T extends object>(values: T): Present<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Present<T> // what was undefined is left out
}

function flags(text: string | undefined): number | undefined {
  const value = integer(text)
  // A signed number of 32 bits in LDAP; the bits are what counts.
  return value === undefined ? undefined : Number(BigInt.asUintN(32, value))
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function truth(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text.toUpperCase() === 'TRUE'
}
