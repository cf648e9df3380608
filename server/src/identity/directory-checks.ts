import { decodePem, PkiError, parseCertificate } from '@sallyport/pki'
import type { Problem } from '../config/problem.ts'
import type { Configuration, LdapSourceConfiguration } from '../config/schema.ts'
import { dnFault } from './ldap/dn-syntax.ts'
import { filterFault } from './ldap/filter-syntax.ts'

/** What one setting of an LDAP source says, looked at with the others of the source. */
type LdapCheck = (source: LdapSourceConfiguration) => readonly Finding[]
type Finding = Omit<Problem, 'path'> & { readonly field: keyof LdapSourceConfiguration }

/** In the order they are reported. */
const CHECKS: readonly LdapCheck[] = [servers, encryption, authorities, binding, names, filter]

export function checkDirectories({ sources }: Configuration): readonly Problem[] {
  return sources.flatMap((source) => (source.kind === 'ldap' ? checkDirectory(source) : []))
}

export function checkDirectory(source: LdapSourceConfiguration): readonly Problem[] {
  return CHECKS.flatMap((check) => check(source)).map(({ field, ...problem }) => ({
    path: `sources/${source.name}/${field}`,
    ...problem,
  }))
}

function servers({ servers, domain, site }: LdapSourceConfiguration): Finding[] {
  if (servers.length === 0 && domain === undefined) {
    return [
      error('servers', 'servers-missing', 'Give servers, or the DNS name of the domain that lists them.'),
    ]
  }
  if (site !== undefined && (servers.length > 0 || domain === undefined)) {
    const message = 'A site chooses among the servers that DNS lists; here they are given, in their order.'
    return [warning('site', 'site-unused', message)]
  }
  return []
}

function encryption(source: LdapSourceConfiguration): Finding[] {
  const { servers, startTls, allowUnencrypted } = source
  const isPlain = servers.some((server) => /^ldap:/i.test(server))
  const findings: Finding[] = []
  if (isPlain && !startTls) {
    const sends = 'Passwords of users and of the service account go over the network in the clear'
    findings.push(
      allowUnencrypted
        ? warning('allowUnencrypted', 'directory-unencrypted', `${sends}.`)
        : error('servers', 'directory-unencrypted', `${sends}: use ldaps:// or startTls: true.`),
    )
  }
  if (!isPlain && servers.length > 0 && startTls) {
    findings.push(warning('startTls', 'starttls-unused', 'ldaps:// is encrypted from the first octet on.'))
  }
  return findings
}

function authorities({ authorities }: LdapSourceConfiguration): Finding[] {
  if (authorities === undefined) return []
  const cure = 'Paste the text of the PEM file, from -----BEGIN CERTIFICATE----- on, below "authorities: |".'
  try {
    const certificates = decodePem('CERTIFICATE', authorities)
    for (const der of certificates) parseCertificate(der)
    if (certificates.length > 0) return []
    return [error('authorities', 'authorities-unreadable', `There is no certificate in PEM in it. ${cure}`)]
  } catch (fault) {
    if (!(fault instanceof PkiError)) throw fault
    return [
      error(
        'authorities',
        'authorities-unreadable',
        `A certificate cannot be read: ${fault.message}. ${cure}`,
      ),
    ]
  }
}

function binding(source: LdapSourceConfiguration): Finding[] {
  const { bindMode, bindDn, bindPassword, userDn, type } = source
  const findings: Finding[] = []
  const unused = (field: 'bindDn' | 'bindPassword' | 'userDn'): void => {
    if (source[field] !== undefined)
      findings.push(warning(field, 'bind-setting-unused', `bindMode ${bindMode} does not use it.`))
  }
  if (bindMode === 'regular') {
    if (bindDn === undefined || bindPassword === undefined) {
      const message = 'bindMode regular searches as a service account: give bindDn and bindPassword.'
      findings.push(error(bindDn === undefined ? 'bindDn' : 'bindPassword', 'bind-account-missing', message))
    }
  } else {
    unused('bindDn')
    unused('bindPassword')
  }
  if (bindMode === 'simple' && source.sync.enabled) {
    const message =
      'bindMode simple sees nothing without the password of a user: a copy needs bindMode regular.'
    findings.push(error('sync', 'sync-sees-nothing', message))
  }
  if (bindMode === 'simple') findings.push(...template(userDn, type))
  else unused('userDn')
  if (bindMode === 'anonymous' && type === 'active-directory') {
    const message = 'Active Directory lets nobody search without a name unless dsHeuristics says so.'
    findings.push(warning('bindMode', 'anonymous-search', `${message} Use bindMode regular.`))
  }
  return findings
}

/** Active Directory binds by `user@domain` and `DOMAIN\user` too. */
const PRINCIPAL = /^(?:\{user\}@[A-Za-z0-9][A-Za-z0-9.-]*|[^=@\\{}]+\\\{user\})$/

function template(userDn: string | undefined, type: LdapSourceConfiguration['type']): Finding[] {
  if (type === 'active-directory' && PRINCIPAL.test(userDn ?? '')) return []
  const parts = userDn?.split('{user}') ?? []
  if (parts.length !== 2) {
    const message =
      'bindMode simple needs a DN with {user} in it once: uid={user},ou=People,dc=example,dc=org; Active Directory also takes {user}@example.org.'
    return [error('userDn', 'user-dn-template', message)]
  }
  return dn('userDn', parts.join('x'))
}

/** `example.org`, which everybody tries first. */
const DNS_NAME = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/

function names({ name, baseDn, groupDn, bindDn, type }: LdapSourceConfiguration): Finding[] {
  const ofDomain = `; for this domain it is DC=${baseDn.split('.').join(',DC=')}`
  const findings = dn('baseDn', baseDn, DNS_NAME.test(baseDn) ? ofDomain : '')
  if (groupDn !== undefined) {
    const whole = `; write where the group is, such as CN=VPN Users,OU=Groups,DC=example,DC=org: npx sallyport directories browse ${name} --show groups`
    findings.push(...dn('groupDn', groupDn, whole))
  }
  if (bindDn === undefined) return findings
  if (type === 'active-directory' && /^[^=]+[@\\][^=]+$/.test(bindDn)) return findings
  const forms =
    type === 'active-directory'
      ? '; user@domain and DOMAIN\\user work as well'
      : /[@\\]/.test(bindDn)
        ? '; user@domain and DOMAIN\\user are for type: active-directory'
        : ''
  return [...findings, ...dn('bindDn', bindDn, forms)]
}

function dn(field: Finding['field'], text: string, forms = ''): Finding[] {
  const fault = dnFault(text)
  if (fault === undefined) return []
  return [error(field, 'dn-malformed', `'${text}' is not a distinguished name: ${fault}${forms}.`)]
}

function filter({ userFilter }: LdapSourceConfiguration): Finding[] {
  const fault = userFilter === undefined ? undefined : filterFault(userFilter)
  if (fault === undefined) return []
  return [error('userFilter', 'filter-malformed', `Not an LDAP filter (RFC 4515): ${fault}.`)]
}

function error(field: Finding['field'], code: string, message: string): Finding {
  return { field, severity: 'error', code, message }
}

function warning(field: Finding['field'], code: string, message: string): Finding {
  return { field, severity: 'warning', code, message }
}
