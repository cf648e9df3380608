import { fromUtf8 } from '@sallyport/bytes'
import type { PasswordStorage } from '../../config/schema.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { normalizedPassword } from './password.ts'
import { checkProof } from './proof-check.ts'
import type { StoredPassword } from './stored-user.ts'
import { readVerifier, type Verifier, verifierText } from './verifier.ts'
import { WorkLimit } from './work-limit.ts'

/** Seals a password for one user's row, in the form asked for. The caller has checked it with `passwordFault`. */
export async function sealPassword(
  userId: string,
  password: string,
  storage: PasswordStorage,
  sealer: Pick<Sealer, 'seal'>,
  changedAt: number,
): Promise<StoredPassword> {
  const text = await verifierText(password, storage)
  return { storage, sealed: sealer.seal(text, contextOf(userId, storage)), changedAt }
}

/** undefined: damaged, or the verifier of an empty password. Throws what `Sealer.open` throws. */
export function openPassword(
  userId: string,
  { sealed, storage }: StoredPassword,
  sealer: Pick<Sealer, 'open'>,
): Verifier | undefined {
  return readVerifier(sealer.open(sealed, contextOf(userId, storage)), storage)
}

/** Whether a row holds this password; away from logins, without their limits and counters. */
export async function holdsPassword(
  userId: string,
  stored: StoredPassword,
  password: string,
  sealer: Pick<Sealer, 'open'>,
): Promise<boolean> {
  const verifier = openPassword(userId, stored, sealer)
  if (verifier === undefined) return false
  const proof = { form: 'password', password: fromUtf8(normalizedPassword(password)) } as const
  return (await checkProof(verifier, proof, new WorkLimit(1, 0))).kind === 'right'
}

/** A verifier opens in its own row and in its own form only. */
function contextOf(userId: string, storage: PasswordStorage): string {
  return `users/${userId}/password/${storage}`
}
