import type { Certificate } from '@sallyport/pki'
import type { WindowsConfiguration } from '../../config/sections/enrolment/windows.ts'

/**
 * The GUID Windows groups and caches enrolment policies by: of the configuration, else made of the root certificate, so that
 * all nodes of an installation, and all its starts, say the same.
 */
export function policyId(
  { policyId: set }: Pick<WindowsConfiguration, 'policyId'>,
  root: Certificate,
): string {
  if (set !== undefined) return `{${set.toUpperCase()}}`
  const text = root.fingerprint.toUpperCase()
  // RFC 9562 section 5.8: version 8, made as its maker likes.
  const parts = [
    text.slice(0, 8),
    text.slice(8, 12),
    `8${text.slice(13, 16)}`,
    `8${text.slice(17, 20)}`,
    text.slice(20, 32),
  ]
  return `{${parts.join('-')}}`
}
