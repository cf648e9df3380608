/** Both servers in front of one slapd: a search for the user, one for the groups, and a bind, each over kept connections. */

import type { FreeRadiusOptions } from '../../lab/freeradius.ts'
import { LDAP_PASSWORD, SERVICE, SUFFIX } from '../../lab/slapd/people.ts'
import { SECRET } from '../account.ts'

export const LDAP_USER = { user: 'alice', password: LDAP_PASSWORD } as const
export const CONNECTIONS = 32
/** Realm of a directory that takes connections and says nothing. */
export const HUNG_REALM = 'hung.test'

/** @param minutes how long what a look-up told is kept */
export function slapdDocument(url: string, minutes: number, hungUrl?: string): string {
  const source = (name: string, address: string, kept: number): string => `
  - name: ${name}
    kind: ldap
    type: generic
    servers: ['${address}']
    allowUnencrypted: true
    baseDn: ou=People,${SUFFIX}
    bindDn: ${SERVICE.dn}
    bindPassword: ${SERVICE.password}
    connections: ${CONNECTIONS}
    groups: { nested: false }
    cache: { minutes: ${kept} }`
  return `
settings: { receipts: { maximumMegabytes: 100000 } }
clients: [{ name: gateway, address: 127.0.0.1, secret: ${SECRET} }]
sources:${source('ldap', url, minutes)}${hungUrl === undefined ? '' : source('hung', hungUrl, 0)}
realms:
  - { name: default, default: true, sources: [ldap] }
${hungUrl === undefined ? '' : `  - { name: hung, suffixes: [${HUNG_REALM}], sources: [hung] }`}
profiles: [{ name: vpn, filterId: staff, sessionTimeoutSeconds: 28800 }]
rules:
  - { name: staff, when: '"staff" in user.groups && client.name == "gateway"', effect: accept, profiles: [vpn] }
`
}

export function slapdChecks(port: number): NonNullable<FreeRadiusOptions['checks']> {
  return {
    threads: CONNECTIONS,
    modules: `
  ldap {
    server = 'ldap://127.0.0.1:${port}'
    identity = '${SERVICE.dn}'
    password = '${SERVICE.password}'
    base_dn = '${SUFFIX}'
    user {
      base_dn = "ou=People,${SUFFIX}"
      filter = "(uid=%{User-Name})"
    }
    group {
      base_dn = "${SUFFIX}"
      filter = "(objectClass=*)"
      membership_filter = "(|(member=%{control:Ldap-UserDn})(uniqueMember=%{control:Ldap-UserDn})(memberUid=%{User-Name}))"
      name_attribute = cn
      cacheable_name = yes
      cacheable_dn = no
    }
    pool {
      start = 8
      min = 8
      max = ${CONNECTIONS}
      spare = 8
      uses = 0
      lifetime = 0
      idle_timeout = 0
    }
  }`,
    authorize: `ldap
    update control {
      Auth-Type := LDAP
    }`,
    authenticate: `Auth-Type LDAP {
      ldap
    }`,
  }
}
