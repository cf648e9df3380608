import type { Sealer } from '../../kernel/seal.ts'
import { openPassword } from './sealed-password.ts'
import type { StoredPassword } from './stored-user.ts'
import type { Verifier } from './verifier.ts'

interface Opened {
  readonly userId: string
  readonly storage: string
  readonly verifier: Verifier
}

/**
 * Opened verifiers, so that a login does not decipher. The key is the sealed text itself - every sealing differs, so a
 * changed password never meets its old verifier - and the user it was opened for, so that a text copied into another
 * row does not open there either. Bounded: the oldest goes first.
 */
export class VerifierCache {
  readonly #sealer: Pick<Sealer, 'open'>
  readonly #most: number
  readonly #opened = new Map<string, Opened>()

  constructor(sealer: Pick<Sealer, 'open'>, most: number) {
    this.#sealer = sealer
    this.#most = most
  }

  /** undefined: the stored text is damaged, or stands for an empty password. Throws where it cannot be opened. */
  open(userId: string, password: StoredPassword): Verifier | undefined {
    const { sealed, storage } = password
    const known = this.#opened.get(sealed)
    if (known !== undefined && known.userId === userId && known.storage === storage) return known.verifier
    const verifier = openPassword(userId, password, this.#sealer)
    if (verifier !== undefined) this.#remember(sealed, { userId, storage, verifier })
    return verifier
  }

  #remember(sealed: string, opened: Opened): void {
    if (this.#opened.size >= this.#most) {
      for (const oldest of this.#opened.keys()) {
        this.#opened.delete(oldest)
        break
      }
    }
    this.#opened.set(sealed, opened)
  }
}
