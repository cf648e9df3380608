/** What an administrator may do. Each role includes the ones before it. */
export const ROLES = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof ROLES)[number]

/** Whether somebody who holds `held` may do what needs `needed`. */
export function allows(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed)
}

/** The lesser of two roles: a token never outranks the account it belongs to. */
export function lesser(a: Role, b: Role): Role {
  return allows(a, b) ? b : a
}
