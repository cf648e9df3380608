import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { messageOf } from '../terminal.ts'

/** What belongs together, in PEM. */
export interface Credentials {
  readonly key: string
  readonly certificate: string
  /** The certificate and the CAs below the root. */
  readonly chain: string
}

export interface Pending {
  readonly key: string
  /** PKCS #10, DER in base64: the same octets are sent again. */
  readonly request: string
  /** PEM of the certificate the request was signed with (SCEP). */
  readonly signer?: string
  /** The server has it and has not decided. */
  readonly isWaiting: boolean
  /** It renews what is there. */
  readonly isRenewal: boolean
  /** What was asked for: a request for something else starts anew. */
  readonly settings: string
}

const VERSIONS_KEPT = 3

/**
 * Where a host keeps its certificate. `live` leads to the current key, certificate and chain, and is changed in one step: at no
 * moment do a key and a certificate stand there that do not belong together.
 *
 *     ca.pem   live -> versions/N   versions/N/{key,cert,chain}.pem   enrolment.json   pending.json
 */
export class CertificateFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get certificateFile(): string {
    return join(this.path, 'live', 'cert.pem')
  }

  get keyFile(): string {
    return join(this.path, 'live', 'key.pem')
  }

  get chainFile(): string {
    return join(this.path, 'live', 'chain.pem')
  }

  get caFile(): string {
    return join(this.path, 'ca.pem')
  }

  /** undefined: nothing was enrolled yet. */
  credentials(): Credentials | undefined {
    const [key, certificate, chain] = [this.keyFile, this.certificateFile, this.chainFile].map((file) =>
      this.#read(file),
    )
    if (key === undefined || certificate === undefined || chain === undefined) return undefined
    return { key, certificate, chain }
  }

  install({ key, certificate, chain }: Credentials): void {
    const versions = join(this.path, 'versions')
    const number = 1 + Math.max(0, ...this.#versions())
    const folder = join(versions, String(number))
    this.#guarded(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeNew(join(folder, 'key.pem'), key, 0o600)
      writeNew(join(folder, 'cert.pem'), certificate, 0o644)
      writeNew(join(folder, 'chain.pem'), chain, 0o644)
      syncFolder(folder)
      const link = join(this.path, '.live')
      rmSync(link, { force: true })
      symlinkSync(join('versions', String(number)), link)
      renameSync(link, join(this.path, 'live'))
      syncFolder(this.path)
      for (const old of this.#versions().filter((each) => each <= number - VERSIONS_KEPT))
        rmSync(join(versions, String(old)), { recursive: true, force: true })
    })
  }

  authorities(): string | undefined {
    return this.#read(this.caFile)
  }

  keepAuthorities(pem: string): void {
    this.#replace('ca.pem', pem, 0o644)
  }

  settings(): string | undefined {
    return this.#read(join(this.path, 'enrolment.json'))
  }

  keepSettings(text: string): void {
    this.#replace('enrolment.json', text, 0o600)
  }

  pending(): Pending | undefined {
    const text = this.#read(join(this.path, 'pending.json'))
    // Written by keepPending alone.
    return text === undefined ? undefined : (JSON.parse(text) as Pending)
  }

  /** Before a request is sent: a key must not be lost that a certificate may be issued for. */
  keepPending(pending: Pending): void {
    this.#replace('pending.json', JSON.stringify(pending), 0o600)
  }

  forgetPending(): void {
    this.#guarded(() => rmSync(join(this.path, 'pending.json'), { force: true }))
  }

  #versions(): number[] {
    const folder = join(this.path, 'versions')
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => /^\d{1,9}$/.test(name))
      .map(Number)
  }

  #read(file: string): string | undefined {
    return this.#guarded(() => (existsSync(file) ? readFileSync(file, 'utf8') : undefined))
  }

  #replace(name: string, text: string, mode: number): void {
    this.#guarded(() => {
      mkdirSync(this.path, { recursive: true, mode: 0o700 })
      const temporary = join(this.path, `.${name}`)
      rmSync(temporary, { force: true })
      writeNew(temporary, text, mode)
      renameSync(temporary, join(this.path, name))
      syncFolder(this.path)
    })
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw new CliError(`${this.path} cannot be used: ${messageOf(error)}`)
    }
  }
}

/** The mode holds from the first moment. */
function writeNew(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, 'wx', mode)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
