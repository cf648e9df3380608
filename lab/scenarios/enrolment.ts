import type { LabCase, Scenario } from '../scenario.ts'
import { ACME_WAYS } from './enrolment/acme-ways.ts'
import { ADMINISTRATOR_WAYS } from './enrolment/administrator-ways.ts'
import { CLIENT_WAYS } from './enrolment/client-ways.ts'
import { EST_WAYS } from './enrolment/est-ways.ts'
import { EnrolmentHouse } from './enrolment/house.ts'
import { wholeLife } from './enrolment/life.ts'
import { SCEP_WAYS } from './enrolment/scep-ways.ts'
import { WINDOWS_WAYS } from './enrolment/windows-ways.ts'

const WAYS = [...EST_WAYS, ...SCEP_WAYS, ...ACME_WAYS, ...WINDOWS_WAYS, ...CLIENT_WAYS, ...ADMINISTRATOR_WAYS]
const LIVES: readonly LabCase<EnrolmentHouse>[] = WAYS.map((way) => ({
  name: way.name,
  run: (house) => wholeLife(house, way),
}))

const COUNTERPARTS = [
  'scep',
  'strongswan-pki',
  'certmonger',
  'dbus-daemon',
  'curl',
  'openssl',
  'lego',
  'certbot',
  'pebble',
  'python3-lxml',
  'python3-asn1crypto',
  'eapoltest',
  'freeradius-utils',
  'python3-pyrad',
] as const

export const enrolment: Scenario<EnrolmentHouse> = {
  name: 'enrolment',
  summary: 'certificates asked for by every protocol: used, renewed, used, revoked, gone',
  counterparts: COUNTERPARTS,
  open: () => EnrolmentHouse.open(),
  cases: LIVES,
}

/** One way of each kind; the store is what differs. */
export const enrolmentOnPostgres: Scenario<EnrolmentHouse> = {
  name: 'enrolment-postgres',
  summary: 'some of the same, with everything kept in PostgreSQL',
  counterparts: [...COUNTERPARTS, 'postgresql'],
  open: () => EnrolmentHouse.open(true),
  cases: LIVES.filter(({ name }) => /^(EST by pki|SCEP by scepclient)/.test(name)),
}
