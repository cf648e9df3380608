import { dnKey, textInDn } from '@sallyport/ldap'

const PLACE = /\{user\}/g
/** In `user@domain` and `DOMAIN\user` nothing can be escaped: what means something there is no part of a name. */
const UNSAFE_IN_PRINCIPAL = /["/\\[\]:;|=,+*?<>@\s\p{Cc}]/u

/**
 * The name of bindMode simple: `uid={user},ou=People,dc=example,dc=org`, or for Active Directory `{user}@example.org` and
 * `EXAMPLE\{user}`. Undefined where this user can have no such name.
 */
export function bindName(template: string, user: string): string | undefined {
  if (user === '') return undefined
  if (isDnTemplate(template)) return template.replace(PLACE, () => textInDn(user))
  return UNSAFE_IN_PRINCIPAL.test(user) ? undefined : template.replace(PLACE, () => user)
}

export function isDnTemplate(template: string): boolean {
  return dnKey(template.replace(PLACE, 'x')) !== undefined
}
