/** How a password is kept; what is kept decides which methods can check it. */
export const PASSWORD_STORAGES = ['reversible', 'nt-hash', 'argon2id'] as const
export type PasswordStorage = (typeof PASSWORD_STORAGES)[number]
