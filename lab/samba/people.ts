/** Who is in the domain of the lab: one account for every state an account can be in. */
import { BASE_DN, DOMAIN } from './provision.ts'

export interface Person {
  /** sAMAccountName; the UPN is this @ the domain. */
  readonly name: string
  /** Below the domain: `OU=RD1,OU=People`. */
  readonly where: string
  readonly password: string
  /** Further lines of LDIF. */
  readonly also?: readonly string[]
}

const RD1 = 'OU=RD1,OU=People'
const RD2 = 'OU=RD2,OU=People'
const RD3 = 'OU=RD3,OU=People'
export const COMMON_PASSWORD = 'Dir3ctory-Passw0rd'
const NEVER = Buffer.alloc(21).toString('base64')

function person(name: string, where: string, ...also: readonly string[]): Person {
  return { name, where, password: COMMON_PASSWORD, also }
}

export const PEOPLE = {
  /** In "VPN Users" by way of "VPN Nested". */
  alice: person(
    'alice',
    RD1,
    'displayName: Alice Ansari',
    'mail: alice@lab.test',
    'department: Research',
    'employeeType: staff',
  ),
  /** In "VPN Users" directly. */
  bob: person('bob', RD2, 'displayName: Bob Brook', 'mail: bob@lab.test', 'department: Sales'),
  /** In no group but the primary one. */
  carol: person('carol', RD3),
  /** As bob, but in no organizational unit below People. */
  paul: person('paul', 'CN=Users'),
  disabled: person('dan.disabled', RD1, 'userAccountControl: 514'),
  /** accountExpires: 2020-01-01. */
  expired: person('eve.expired', RD1, 'accountExpires: 132223104000000000'),
  mustChange: person('max.mustchange', RD1, 'pwdLastSet: 0'),
  /** Its password is from long ago. */
  oldPassword: person('olga.oldpassword', RD1),
  /** Nobody has locked it yet: see `lock`. */
  locked: person('lou.locked', RD1),
  /** May never log in by its logon hours. */
  outsideHours: person('hugo.hours', RD1, `logonHours:: ${NEVER}`),
  /** May log in at one workstation only, which nobody has. */
  elsewhere: person('willy.workstation', RD1, 'userWorkstations: NOWHERE9'),
  dialInDenied: person('dora.denied', RD2, 'msNPAllowDialin: FALSE'),
  dialInAllowed: person('ally.allowed', RD2, 'msNPAllowDialin: TRUE'),
  /** Its password settings object locks after three failures, not after five. */
  strict: person('stella.strict', RD3),
  /** Name full of what means something in filters and DNs. */
  odd: person('o(d)d', RD3),
  service: { ...person('svc-sallyport', 'OU=Services'), password: 'Serv1ce-Passw0rd' },
} as const satisfies Readonly<Record<string, Person>>

export type PersonName = keyof typeof PEOPLE

export const COMPUTER = {
  name: 'WS1',
  dnsName: `ws1.${DOMAIN}`,
  password: 'C0mputer-Passw0rd-of-ws1',
} as const

/** Members by DN below the domain. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'VPN Users': [userRdn(PEOPLE.bob), 'CN=VPN Nested,OU=Groups'],
  'VPN Nested': [userRdn(PEOPLE.alice)],
  'Strict Lockout': [userRdn(PEOPLE.strict)],
  Workstations: [`CN=${COMPUTER.name},OU=Workstations`],
}

export const LOCKOUT_THRESHOLD = 5
export const STRICT_LOCKOUT_THRESHOLD = 3
/** Intervals of AD are negative, in 100 ns. */
const MINUTE = -600_000_000n

export function population(): string {
  const units = ['People', 'Services', 'Groups', 'Workstations'].map((name) => `OU=${name}`)
  return [
    entry('', 'changetype: modify', [
      ...replaced('lockoutThreshold', LOCKOUT_THRESHOLD),
      ...replaced('lockoutDuration', MINUTE),
      ...replaced('lockOutObservationWindow', MINUTE),
      ...replaced('minPwdAge', 0),
      ...replaced('pwdHistoryLength', 0),
    ]),
    ...[...units, RD1, RD2, RD3].map((dn) => entry(dn, 'objectClass: organizationalUnit')),
    ...Object.values(PEOPLE).map(userEntry),
    computerEntry(),
    ...Object.keys(GROUPS).map((name) =>
      entry(`CN=${name},OU=Groups`, 'objectClass: group', [`sAMAccountName: ${name}`]),
    ),
    ...Object.entries(GROUPS).map(([name, members]) =>
      entry(`CN=${name},OU=Groups`, 'changetype: modify', [
        'add: member',
        ...members.map((dn) => `member: ${dn},${BASE_DN}`),
      ]),
    ),
    passwordSettings('strict', 'Strict Lockout', STRICT_LOCKOUT_THRESHOLD, 42n * 24n * 60n * MINUTE),
  ].join('\n')
}

/** `count` users `PREFIX00001` ... in an organizational unit of their own; without passwords they are quicker to make. */
export function manyUsers(prefix: string, from: number, count: number, password?: string): string {
  return Array.from({ length: count }, (_, at) => {
    const name = `${prefix}${String(from + at).padStart(5, '0')}`
    const where = `OU=${prefix},OU=People`
    if (password !== undefined) return userEntry({ name, where, password })
    return entry(`CN=${name},${where}`, 'objectClass: user', [`sAMAccountName: ${name}`, upn(name)])
  }).join('\n')
}

export function organizationalUnit(dn: string): string {
  return entry(dn, 'objectClass: organizationalUnit')
}

export function userDn(user: Person): string {
  return `${userRdn(user)},${BASE_DN}`
}

function userRdn({ name, where }: Person): string {
  return `CN=${name},${where}`
}

export function userEntry({ name, where, password, also = [] }: Person): string {
  const control = also.some((line) => line.startsWith('userAccountControl'))
    ? []
    : ['userAccountControl: 512']
  return entry(userRdn({ name, where, password }), 'objectClass: user', [
    `sAMAccountName: ${name}`,
    upn(name),
    `unicodePwd:: ${unicodePassword(password)}`,
    ...control,
    ...also,
  ])
}

function upn(name: string): string {
  return `userPrincipalName: ${name}@${DOMAIN}`
}

/** MS-ADTS 3.1.1.3.1.5.1: UTF-16, within quotation marks. */
export function unicodePassword(password: string): string {
  return Buffer.from(`"${password}"`, 'utf16le').toString('base64')
}

function computerEntry(): string {
  const { name, dnsName, password } = COMPUTER
  return entry(`CN=${name},OU=Workstations`, 'objectClass: computer', [
    `sAMAccountName: ${name}$`,
    'userAccountControl: 4096',
    `dNSHostName: ${dnsName}`,
    `servicePrincipalName: HOST/${dnsName}`,
    `servicePrincipalName: HOST/${name}`,
    `unicodePwd:: ${unicodePassword(password)}`,
  ])
}

function passwordSettings(name: string, group: string, threshold: number, maximumAge: bigint): string {
  const dn = `CN=${name},CN=Password Settings Container,CN=System`
  return entry(dn, 'objectClass: msDS-PasswordSettings', [
    'msDS-PasswordSettingsPrecedence: 10',
    'msDS-PasswordReversibleEncryptionEnabled: FALSE',
    'msDS-PasswordHistoryLength: 0',
    'msDS-PasswordComplexityEnabled: TRUE',
    'msDS-MinimumPasswordLength: 7',
    'msDS-MinimumPasswordAge: 0',
    `msDS-MaximumPasswordAge: ${maximumAge}`,
    `msDS-LockoutThreshold: ${threshold}`,
    `msDS-LockoutObservationWindow: ${MINUTE}`,
    `msDS-LockoutDuration: ${MINUTE}`,
    `msDS-PSOAppliesTo: CN=${group},OU=Groups,${BASE_DN}`,
  ])
}

function replaced(attribute: string, value: number | bigint): readonly string[] {
  return [`replace: ${attribute}`, `${attribute}: ${value}`, '-']
}

function entry(dn: string, first: string, lines: readonly string[] = []): string {
  return `dn: ${dn === '' ? '' : `${dn},`}${BASE_DN}\n${[first, ...lines].join('\n')}\n`
}
