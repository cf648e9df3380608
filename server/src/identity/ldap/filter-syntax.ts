import { encodeFilter, LdapError } from '@sallyport/ldap'

/**
 * What is wrong with the text of a filter (RFC 4515); undefined: nothing. By what searches write themselves with, so that
 * nothing that was applied fails at a login; and strictly, because the filter of a search is put together around it: what
 * ends early or late would change the meaning of the rest.
 */
export function filterFault(text: string): string | undefined {
  try {
    encodeFilter(text)
    // By itself, and as deep as it stands in the filter of a search.
    encodeFilter(`(&(&${text}))`)
    return undefined
  } catch (error) {
    if (error instanceof LdapError) return error.message
    throw error
  }
}
