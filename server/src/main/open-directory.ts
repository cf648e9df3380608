import type { LdapSourceConfiguration } from '../config/schema.ts'
import type { ConnectionBounds } from '../identity/ldap/connection.ts'
import { createDirectory } from '../identity/ldap/directories.ts'
import type { DirectorySession, DirectoryUnavailable, LdapRefusal } from '../identity/ldap/directory.ts'
import type { LdapDirectory } from '../identity/ldap/ldap-directory.ts'
import { ConfigError } from '../kernel/errors.ts'

/** A group of a hundred thousand members may come as one message, and fifty groups on one page. */
const BOUNDS: ConnectionBounds = { messageOctets: 32 << 20, searchOctets: 64 << 20, waiting: 4 }
/** Nobody waits at a door for this one. */
const PATIENCE_MILLISECONDS = 10_000

/**
 * A directory for jobs that read much: apart from those that check logins.
 *
 * @throws ConfigError where the authorities cannot be read
 */
export function patientDirectory(source: LdapSourceConfiguration): LdapDirectory {
  return createDirectory({ ...source, deadlineMilliseconds: PATIENCE_MILLISECONDS }, { bounds: BOUNDS })
}

/** A connection as the service account, for one job. */
export async function openDirectory(
  source: LdapSourceConfiguration,
): Promise<DirectorySession | LdapRefusal | DirectoryUnavailable> {
  try {
    const directory = patientDirectory(source)
    try {
      return await directory.openSession()
    } finally {
      // The session stays: it is its own connection.
      directory.close()
    }
  } catch (error) {
    if (error instanceof ConfigError) return { kind: 'unavailable', why: error.message }
    throw error
  }
}
