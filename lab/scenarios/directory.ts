import { namespaceObstacle } from '../network.ts'
import { SAMBA_PACKAGES } from '../samba-domain.ts'
import type { Scenario } from '../scenario.ts'
import { SLAPD_PACKAGES } from '../slapd.ts'
import { DOMAIN_EAP_CASES } from './directory/domain-eap.ts'
import { DOMAIN_CASES } from './directory/domain-logins.ts'
import { SLAPD_EAP_CASES } from './directory/eap-logins.ts'
import { GUIDE_CASE } from './directory/guide.ts'
import { DirectoryHouse } from './directory/house.ts'
import { DOMAIN_NAME_CASES, SLAPD_NAME_CASES } from './directory/names.ts'
import { ORDER_CASES } from './directory/order.ts'
import { DOMAIN_OUTAGE_CASES, SLAPD_OUTAGE_CASES } from './directory/outages.ts'
import { SHIELD_CASES } from './directory/shield.ts'
import { REFUSING_CASES, SLAPD_CASES } from './directory/slapd-logins.ts'
import { SOURCE_TEST_CASES } from './directory/source-tests.ts'

export const directory: Scenario<DirectoryHouse> = {
  name: 'directory',
  summary:
    'a Samba domain, its winbind and three LDAP servers: every way to log in, every account state, every outage',
  counterparts: [
    ...new Set([
      ...SAMBA_PACKAGES,
      ...SLAPD_PACKAGES,
      'krb5-user',
      'freeradius',
      'freeradius-utils',
      'eapoltest',
    ] as const),
  ],
  obstacle: namespaceObstacle,
  open: () => DirectoryHouse.open(),
  cases: [
    ...DOMAIN_CASES,
    ...DOMAIN_EAP_CASES,
    GUIDE_CASE,
    ...ORDER_CASES,
    ...DOMAIN_NAME_CASES,
    ...SHIELD_CASES,
    ...SOURCE_TEST_CASES,
    ...DOMAIN_OUTAGE_CASES,
    ...SLAPD_CASES,
    ...REFUSING_CASES,
    ...SLAPD_EAP_CASES,
    ...SLAPD_NAME_CASES,
    ...SLAPD_OUTAGE_CASES,
  ],
}
