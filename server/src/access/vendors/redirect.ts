import type { UrlRedirect } from '../../policy/rule.ts'
import { unsayable } from './unsayable.ts'

/** Where the role on the device says what is redirected, a list for it cannot be named. */
export function redirectWithoutAcl({ url, acl }: UrlRedirect): string {
  if (acl === undefined) return url
  throw unsayable(
    'term-unsayable',
    'urlRedirect',
    'The role of the device says what is redirected: leave out urlRedirect.acl.',
  )
}
