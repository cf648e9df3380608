import { spawnSync } from 'node:child_process'
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Signer } from '@sallyport/pki'
import { UpstreamError } from '../../kernel/errors.ts'
import type { TokenKey, TokenKeyAlgorithm, Tokens } from '../authority/tokens.ts'

/** A slow token must not hold the thread for long; making an RSA key may. */
const SIGN_TIMEOUT = 5_000
const GENERATE_TIMEOUT = 60_000
/** After a failure nobody waits for the token again before this. */
const LEAVE_ALONE = 10_000
/** The PIN is told by the environment of the one process that needs it: arguments are seen by everybody. */
const PIN_VARIABLE = 'SALLYPORT_TOKEN_PIN'

const KEY_TYPES: Readonly<Record<TokenKeyAlgorithm, string>> = { p256: 'EC:prime256v1', rsa3072: 'rsa:3072' }

interface Failed {
  readonly message: string
  readonly until: number
}

/**
 * CA keys in PKCS #11 tokens, through OpenSC's `pkcs11-tool` (ADR 0029): a process for each signature, some 10 ms with
 * SoftHSM. A module that crashes or hangs takes that process with it, not the server.
 */
export class Pkcs11Tool implements Tokens {
  readonly #module: string
  readonly #program: string
  readonly #signTimeout: number
  readonly #monotonic: () => number
  readonly #failed = new Map<string, Failed>()

  /** @param module the token's library; @param monotonic milliseconds */
  constructor(
    module: string,
    monotonic: () => number,
    { program = 'pkcs11-tool', signTimeout = SIGN_TIMEOUT } = {},
  ) {
    this.#module = module
    this.#monotonic = monotonic
    this.#program = program
    this.#signTimeout = signTimeout
  }

  generate(key: TokenKey, algorithm: TokenKeyAlgorithm): KeyObject {
    const label = `sallyport-ca-${key.id}`
    const wish = ['--keypairgen', '--key-type', KEY_TYPES[algorithm], '--id', key.id, '--label', label]
    this.#run(key, [...wish, '--usage-sign'], { timeout: GENERATE_TIMEOUT })
    const spki = this.#run(key, ['--read-object', '--type', 'pubkey', '--id', key.id], {
      timeout: SIGN_TIMEOUT,
    })
    try {
      return createPublicKey({ key: spki, format: 'der', type: 'spki' })
    } catch (error) {
      throw unavailable(key, 'it gave no public key that can be read', error)
    }
  }

  signer(key: TokenKey, publicKey: KeyObject): Signer {
    return { publicKey, sign: (hash, octets) => this.#sign(key, publicKey, hash, octets) }
  }

  #sign(key: TokenKey, publicKey: KeyObject, hash: string | undefined, octets: Uint8Array): Uint8Array {
    if (hash === undefined) throw new TypeError('tokens sign RSA and ECDSA')
    const failed = this.#failed.get(key.token)
    if (failed !== undefined && this.#monotonic() < failed.until) throw unavailable(key, failed.message)
    const isRsa = publicKey.asymmetricKeyType === 'rsa'
    // Tokens hash for RSA themselves; for ECDSA many know only the plain mechanism.
    const mechanism = isRsa
      ? ['--mechanism', `${hash.toUpperCase()}-RSA-PKCS`]
      : ['--mechanism', 'ECDSA', '--signature-format', 'openssl']
    const input = isRsa ? octets : createHash(hash).update(octets).digest()
    try {
      const signature = this.#run(key, ['--sign', '--id', key.id, ...mechanism], {
        timeout: this.#signTimeout,
        input,
      })
      // A token may be another one of the same label, or fail halfway: nothing unverified leaves here.
      if (!verify(hash, octets, publicKey, signature))
        throw unavailable(key, 'its signature is not of the CA key')
      this.#failed.delete(key.token)
      return signature
    } catch (error) {
      if (error instanceof UpstreamError) {
        const message = String(error.values.why)
        // A PIN that is wrong three times locks the token: it is not tried again before the next start.
        const until = message.includes('PIN') ? Number.POSITIVE_INFINITY : this.#monotonic() + LEAVE_ALONE
        this.#failed.set(key.token, { message, until })
      }
      throw error
    }
  }

  #run(
    key: TokenKey,
    words: readonly string[],
    options: { readonly timeout: number; readonly input?: Uint8Array },
  ): Buffer {
    const login = [
      '--module',
      this.#module,
      '--token-label',
      key.token,
      '--login',
      '--pin',
      `env:${PIN_VARIABLE}`,
    ]
    const { error, status, signal, stdout, stderr } = spawnSync(this.#program, [...login, ...words], {
      env: { ...process.env, [PIN_VARIABLE]: key.pin },
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024,
      timeout: options.timeout,
      input: options.input ?? new Uint8Array(),
    })
    if (error === undefined && status === 0) return stdout
    throw unavailable(key, reasonOf(error, status, signal, String(stderr)), error)
  }
}

function reasonOf(
  error: (Error & { readonly code?: string }) | undefined,
  status: number | null,
  signal: string | null,
  text: string,
): string {
  if (error?.code === 'ENOENT') return 'pkcs11-tool is not installed (package opensc)'
  if (error?.code === 'ETIMEDOUT') return 'it did not answer in time'
  if (/CKR_PIN/.test(text)) return 'it refuses the PIN'
  if (/No slot with/.test(text)) return 'no token of this label is there'
  if (/Failed to load pkcs11 module|C_Initialize/.test(text)) return 'its module cannot be loaded'
  if (/key not found|object not found/i.test(text)) return 'the key is not in it'
  return signal === null ? `pkcs11-tool ended with ${status}` : `pkcs11-tool was ended by ${signal}`
}

function unavailable({ token }: TokenKey, why: string, cause?: unknown): UpstreamError {
  return new UpstreamError(
    'ca-key-unavailable',
    `The token "${token}" that holds the CA key cannot be used: ${why}.`,
    { token, why },
    cause,
  )
}
