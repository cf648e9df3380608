import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { ConfigError } from './errors.ts'
import type { SealKey } from './key-file.ts'

const PREFIX = 'sealed:v1'
const NONCE_LENGTH = 12
const TAG_LENGTH = 16

/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce. A sealed value is text,
 * `sealed:v1:<key id>:<base64url of nonce, ciphertext, tag>`. The context (`clients/vpn-1/secret`) is authenticated but
 * not stored: a sealed value copied to another place does not open there.
 */
export class Sealer {
  readonly #current: SealKey
  readonly #keys: ReadonlyMap<string, SealKey>

  /** @param keys The first seals; all open. */
  constructor(keys: readonly [SealKey, ...SealKey[]]) {
    this.#current = keys[0]
    this.#keys = new Map(keys.map((key) => [key.id, key]))
  }

  seal(text: string, context: string): string {
    const { id, key } = this.#current
    const nonce = randomBytes(NONCE_LENGTH)
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH })
    cipher.setAAD(authenticated(id, context))
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `${PREFIX}:${id}:${sealed.toString('base64url')}`
  }

  /** @throws ConfigError 'seal-key-missing', 'seal-broken' */
  open(sealed: string, context: string): string {
    const { id, octets } = parse(sealed, context)
    const key = this.#keys.get(id)
    if (key === undefined) {
      throw new ConfigError(
        'seal-key-missing',
        `The secret ${context} is sealed with key ${id}, which the key file does not hold. ` +
          'Put back the key file that belongs to this database.',
        { context, key: id },
      )
    }
    const decipher = createDecipheriv('aes-256-gcm', key.key, octets.subarray(0, NONCE_LENGTH), {
      authTagLength: TAG_LENGTH,
    })
    decipher.setAAD(authenticated(id, context))
    decipher.setAuthTag(octets.subarray(-TAG_LENGTH))
    try {
      return Buffer.concat([
        decipher.update(octets.subarray(NONCE_LENGTH, -TAG_LENGTH)),
        decipher.final(),
      ]).toString('utf8')
    } catch (cause) {
      throw broken(context, cause)
    }
  }

  /**
   * Tells values apart that must not be stored: the same for the same value, and worth nothing without the key (HMAC-SHA-256,
   * RFC 2104). Another key makes other marks.
   */
  mark(octets: Uint8Array, context: string): string {
    const key = createHmac('sha256', this.#current.key).update('sallyport mark').digest()
    return createHmac('sha256', key).update(`${context}\0`).update(octets).digest('hex').slice(0, 32)
  }

  /** True where the value should be sealed again, because the key has been changed since. */
  isStale(sealed: string): boolean {
    return !sealed.startsWith(`${PREFIX}:${this.#current.id}:`)
  }
}

function authenticated(id: string, context: string): Buffer {
  return Buffer.from(`${PREFIX}:${id}:${context}`, 'utf8')
}

function parse(sealed: string, context: string): { id: string; octets: Buffer } {
  const [, id, text] = /^sealed:v1:([^:]+):([A-Za-z0-9_-]+)$/.exec(sealed) ?? []
  const octets = Buffer.from(text ?? '', 'base64url')
  if (id === undefined || octets.length < NONCE_LENGTH + TAG_LENGTH) throw broken(context)
  return { id, octets }
}

function broken(context: string, cause?: unknown): ConfigError {
  return new ConfigError(
    'seal-broken',
    `The stored secret ${context} cannot be opened: it was altered or moved, or the key file is not the one it was sealed with.`,
    { context },
    cause,
  )
}
