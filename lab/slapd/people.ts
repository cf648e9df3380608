/** Who is in the LDAP directory of the lab. */

export const SUFFIX = 'dc=example,dc=org'
export const LDAP_PASSWORD = 'Op3nldap-Passw0rd'
export const BULK_PASSWORD = 'Bulk-Passw0rd'
export const SERVICE = { dn: `cn=sallyport,ou=Services,${SUFFIX}`, password: 'Serv1ce-Passw0rd' } as const
export const ROOT = { dn: `cn=root,${SUFFIX}`, password: 'R00t-Passw0rd' } as const

/** Login name -> organizational units below the suffix. */
const PEOPLE: Readonly<Record<string, string>> = {
  alice: 'ou=RD1,ou=People',
  bob: 'ou=RD2,ou=People',
  carol: 'ou=RD3,ou=People',
  dave: 'ou=People',
}
/** groupOfNames: vpn-nested is a member of vpn-users. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'vpn-users': [ldapUserDn('bob'), `cn=vpn-nested,ou=Groups,${SUFFIX}`],
  'vpn-nested': [ldapUserDn('alice')],
}
/** posixGroup: names its members by uid. */
const POSIX_GROUPS: Readonly<Record<string, readonly string[]>> = { staff: ['alice', 'carol'] }

export function ldapUserDn(name: string): string {
  return `uid=${name},${PEOPLE[name] ?? 'ou=People'},${SUFFIX}`
}

export function population(): string {
  const units = ['People', 'Groups', 'Services', 'Bulk'].map((name) => `ou=${name}`)
  const below = ['RD1', 'RD2', 'RD3'].map((name) => `ou=${name},ou=People`)
  return [
    entry(SUFFIX, ['objectClass: organization', 'objectClass: dcObject', 'o: Example', 'dc: example']),
    ...[...units, ...below].map((dn) => entry(`${dn},${SUFFIX}`, ['objectClass: organizationalUnit'])),
    ...Object.keys(PEOPLE).map((name, at) =>
      ldapUserEntry(ldapUserDn(name), name, LDAP_PASSWORD, 10_000 + at),
    ),
    entry(SERVICE.dn, [
      'objectClass: organizationalRole',
      'objectClass: simpleSecurityObject',
      `userPassword: ${SERVICE.password}`,
    ]),
    ...Object.entries(GROUPS).map(([name, members]) =>
      entry(`cn=${name},ou=Groups,${SUFFIX}`, [
        'objectClass: groupOfNames',
        ...members.map((dn) => `member: ${dn}`),
      ]),
    ),
    ...Object.entries(POSIX_GROUPS).map(([name, members], at) =>
      entry(`cn=${name},ou=Groups,${SUFFIX}`, [
        'objectClass: posixGroup',
        `gidNumber: ${20_000 + at}`,
        ...members.map((uid) => `memberUid: ${uid}`),
      ]),
    ),
  ].join('\n')
}

/** `user00001` ... below ou=Bulk. */
export function* bulkUsers(count: number): Generator<string> {
  for (let number = 1; number <= count; number++) {
    const name = `user${String(number).padStart(5, '0')}`
    yield `${ldapUserEntry(`uid=${name},ou=Bulk,${SUFFIX}`, name, BULK_PASSWORD, 100_000 + number)}\n`
  }
}

export function ldapUserEntry(dn: string, name: string, password: string, uidNumber: number): string {
  return entry(dn, [
    'objectClass: inetOrgPerson',
    'objectClass: posixAccount',
    `cn: ${name}`,
    `sn: ${name}`,
    `mail: ${name}@example.org`,
    'departmentNumber: 42',
    `displayName: ${name}`,
    `uidNumber: ${uidNumber}`,
    'gidNumber: 20000',
    `homeDirectory: /home/${name}`,
    `userPassword: ${password}`,
  ])
}

export function passwordPolicy(): string {
  return [
    entry(`ou=Policies,${SUFFIX}`, ['objectClass: organizationalUnit']),
    entry(`cn=default,ou=Policies,${SUFFIX}`, [
      'objectClass: device',
      'objectClass: pwdPolicy',
      'pwdAttribute: userPassword',
      'pwdLockout: TRUE',
      'pwdMaxFailure: 3',
      'pwdLockoutDuration: 600',
    ]),
  ].join('\n')
}

/** The attribute of the first RDN is added by itself where it is not among the lines. */
function entry(dn: string, lines: readonly string[]): string {
  const [attribute = '', value = ''] = (dn.split(',')[0] ?? '').split('=')
  const naming = `${attribute}: ${value}`
  const all = lines.includes(naming) ? lines : [...lines, naming]
  return `dn: ${dn}\n${all.join('\n')}\n`
}
