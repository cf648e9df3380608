import type { PasswordStorage } from '../../config/schema.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { openPassword, sealPassword } from './sealed-password.ts'
import type { StoredPassword } from './stored-user.ts'

/** The same password in another form; undefined where only the password itself could make it (a hash has no way back). */
export async function convertPassword(
  userId: string,
  old: StoredPassword,
  storage: PasswordStorage,
  sealer: Sealer,
): Promise<StoredPassword | undefined> {
  const verifier = openPassword(userId, old, sealer)
  if (verifier?.storage !== 'reversible') return undefined
  const password = Buffer.from(verifier.clear).toString('utf8')
  return sealPassword(userId, password, storage, sealer, old.changedAt)
}
