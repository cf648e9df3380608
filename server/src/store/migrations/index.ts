import type { Kysely } from 'kysely'
import * as firstTables from './0001-first-tables.ts'
import * as forwardedAccounting from './0002-forwarded-accounting.ts'
import * as dynamicAuthorizations from './0003-dynamic-authorizations.ts'
import * as grants from './0004-grants.ts'
import * as sessions from './0005-sessions.ts'
import * as macAddresses from './0006-mac-addresses.ts'
import * as clientObservations from './0007-client-observations.ts'
import * as directoryVerifiers from './0009-directory-verifiers.ts'
import * as directoryObjects from './0010-directory-objects.ts'
import * as certificateRequests from './0011-certificate-requests.ts'
import * as authority from './0012-authority.ts'
import * as certificateStatus from './0013-certificate-status.ts'
import * as scep from './0014-scep.ts'
import * as acme from './0015-acme.ts'
import * as mail from './0018-mail.ts'
import * as issuedSerials from './0020-issued-serials.ts'
import * as profileLinks from './0021-profile-links.ts'
import type { ColumnTypes } from './column-types.ts'

export interface Migration {
  up(kysely: Kysely<unknown>, types: ColumnTypes): Promise<void>
}

/** In the order they run. A released migration never changes; a correction is a new one at the end. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-forwarded-accounting': forwardedAccounting,
  '0003-dynamic-authorizations': dynamicAuthorizations,
  '0004-grants': grants,
  '0005-sessions': sessions,
  '0006-mac-addresses': macAddresses,
  '0007-client-observations': clientObservations,
  '0009-directory-verifiers': directoryVerifiers,
  '0010-directory-objects': directoryObjects,
  '0011-certificate-requests': certificateRequests,
  '0012-authority': authority,
  '0013-certificate-status': certificateStatus,
  '0014-scep': scep,
  '0015-acme': acme,
  '0018-mail': mail,
  '0020-issued-serials': issuedSerials,
  '0021-profile-links': profileLinks,
}
