import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { ConfigError } from '../../kernel/errors.ts'

/**
 * Who vouches for servers: the CAs a profile names, or those the system trusts. TLS 1.2 at least.
 * @throws ConfigError `directory-trust-invalid`
 */
export function directoryTrust(authorities: string | undefined): SecureContext {
  try {
    const ca = authorities ?? getCACertificates('system')
    return createSecureContext({ ca: typeof ca === 'string' ? ca : [...ca], minVersion: 'TLSv1.2' })
  } catch (error) {
    throw new ConfigError(
      'directory-trust-invalid',
      'The authorities of a directory cannot be read.',
      {},
      error,
    )
  }
}
