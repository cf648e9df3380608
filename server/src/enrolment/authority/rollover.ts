import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  basicConstraints,
  type Certificate,
  createCertificationRequest,
  distinguishedName,
  encodePem,
  exportSpki,
  isSigner,
  keyIdentifier,
  keyUsage,
  PkiError,
  publicKeyOf,
  readPkcs12,
} from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError, UpstreamError } from '../../kernel/errors.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { AnchorProgress, AnchorStore } from '../anchors/anchor-store.ts'
import type { AuthorityParts, CertificateAuthority } from '../authority.ts'
import type { AuthorityRecord } from './authority-store.ts'
import { checkAuthority, refused } from './check-authority.ts'
import { authorityName, crossCertify, type KeyWish, newKey } from './create-authority.ts'
import {
  authorityRecord,
  certificatesIn,
  type KeptAuthority,
  pemOf,
  sealAuthorityKey,
} from './kept-authority.ts'
import { NO_TOKENS } from './tokens.ts'

export interface RolloverParts extends AuthorityParts {
  readonly anchors: Remote<AnchorStore>
  readonly clock: Clock
}

/** A CA with its key, as a file brings it. */
export type ImportedAuthority =
  | { readonly certificates: string; readonly key: string; readonly password?: string }
  | { readonly pkcs12: Uint8Array; readonly password: string }

export interface SwitchState {
  readonly prepared: KeptAuthority
  readonly anchor: Certificate
  /** False: clients know it already, nobody has to be told. */
  readonly anchorIsNew: boolean
  readonly progress: AnchorProgress
}

/**
 * The way from one CA to the next: something is prepared, clients are told its anchor, then it takes over. Nothing that is
 * refused changes anything.
 */
export class Rollover {
  readonly #authority: CertificateAuthority
  readonly #parts: RolloverParts

  constructor(authority: CertificateAuthority, parts: RolloverParts) {
    this.#authority = authority
    this.#parts = parts
  }

  /**
   * A new CA of our own. @param sameRoot only the issuing CA: no client has to be told
   * @throws RequestError 'ca-prepared', 'ca-root-elsewhere', 'ca-key-unavailable'; ConfigError 'pkcs11-module-missing'
   */
  async prepare(wish: KeyWish, sameRoot: boolean): Promise<KeptAuthority> {
    await this.#refuseSecond()
    const active = this.#authority.currentIssuer
    const root = this.#authority.all.find(
      ({ role, certificate }) =>
        role === 'root' && certificate.fingerprint === this.#authority.root.fingerprint,
    )
    if (sameRoot && root === undefined) {
      const message =
        'The root of the issuing CA is not kept here. Have another request signed: sallyport ca request.'
      throw new RequestError('ca-root-elsewhere', message)
    }
    const prepared = await shown(() => this.#authority.prepareOwn(wish, sameRoot ? root : undefined))
    const next = this.#authority.all.find(({ keyId }) => keyId === keyIdOf(prepared.chain.at(-1)))
    if (!sameRoot && root !== undefined && next !== undefined && active.origin === 'own') {
      await crossCertify(this.#parts, root, next.certificate)
      await crossCertify(this.#parts, next, root.certificate)
      await this.#authority.refresh()
    }
    return prepared
  }

  /** A key and a request for an outside CA to sign. @throws as `prepare` */
  async request(wish: KeyWish, commonName?: string): Promise<AuthorityRecord> {
    const { sealer, clock, authorities, tokens = NO_TOKENS } = this.#parts
    const { privateKey, key } = await shown(async () => newKey(wish, tokens))
    const publicKey = publicKeyOf(privateKey)
    const subject =
      commonName === undefined ? authorityName('Issuing CA') : distinguishedName(['CN', commonName])
    const extensions = [basicConstraints(true, 0), keyUsage('keyCertSign', 'cRLSign')]
    const csr = await shown(async () =>
      createCertificationRequest({ subject, publicKey, privateKey, extensions }),
    )
    const keyId = toHex(keyIdentifier(exportSpki(publicKey)))
    const record: AuthorityRecord = {
      ...{ key_id: keyId, role: 'issuing', state: 'requested', origin: 'outside' },
      ...{ certificate: null, chain: '', created_at: clock.now() },
      request: encodePem('CERTIFICATE REQUEST', csr),
      ...sealAuthorityKey(sealer, keyId, key),
    }
    await authorities.insert(record)
    return record
  }

  /** What an outside CA made of a request, with its own certificates. @throws RequestError 'ca-certificate-refused' ... */
  async install(pem: string): Promise<KeptAuthority> {
    await this.#refuseSecond()
    const certificates = readable(() => certificatesIn(pem))
    const requests = (await this.#parts.authorities.list()).filter(({ state }) => state === 'requested')
    if (requests.length === 0) {
      throw new RequestError(
        'ca-not-requested',
        'No request is waiting for a certificate. See sallyport ca request.',
      )
    }
    for (const { key_id: keyId } of requests) {
      const own = certificates.find(({ spki }) => toHex(keyIdentifier(spki)) === keyId)
      if (own?.publicKey === undefined) continue
      const { certificate, chain } = checkAuthority(certificates, own.publicKey, this.#parts.clock.now())
      await this.#parts.authorities.install(keyId, pemOf([certificate]), pemOf(chain))
      return await this.#kept(keyId)
    }
    throw refused('none of its certificates belongs to the key of a request that waits')
  }

  /** An issuing CA that comes with its key. @throws RequestError 'ca-certificate-refused', 'ca-exists' ... */
  async import(file: ImportedAuthority): Promise<KeptAuthority> {
    await this.#refuseSecond()
    const { privateKey, certificates } = readable(() => opened(file))
    const { clock, sealer, authorities } = this.#parts
    const checked = checkAuthority(certificates, createPublicKey(privateKey), clock.now())
    const kept = {
      role: 'issuing',
      state: 'prepared',
      origin: 'imported',
      createdAt: clock.now(),
      ...checked,
    } as const
    const record = authorityRecord(kept, { privateKey }, sealer)
    if ((await authorities.list()).some(({ key_id: keyId }) => keyId === record.key_id)) {
      throw new RequestError('ca-exists', 'This CA is here already.')
    }
    await authorities.insert(record)
    return await this.#kept(record.key_id)
  }

  /** Forgets a request, or what is prepared, with its key. @throws RequestError 'ca-not-prepared' */
  async discard(keyId: string): Promise<void> {
    const { authorities } = this.#parts
    const kept = this.#authority.all.find((one) => one.keyId === keyId && one.role === 'issuing')
    if (!(await authorities.discard(keyId))) throw notPrepared(keyId)
    const root = keyIdOf(kept?.chain.at(-1))
    if (root !== undefined) await authorities.discard(root)
    await this.#authority.refresh()
  }

  /** Where the switch stands; undefined: nothing is prepared. */
  async state(): Promise<SwitchState | undefined> {
    const { prepared } = this.#authority
    if (prepared === undefined) return undefined
    const anchor = prepared.chain.at(-1) ?? prepared.certificate
    const anchorIsNew = anchor.fingerprint !== this.#authority.root.fingerprint
    const { anchors, clock } = this.#parts
    const progress = await anchors.progress(anchor.fingerprint, prepared.createdAt, clock.now())
    return { prepared, anchor, anchorIsNew, progress }
  }

  /**
   * What is prepared takes over. Refused while somebody is known who was not handed its anchor: their devices would refuse
   * our servers.
   *
   * @throws RequestError 'ca-not-prepared', 'ca-anchor-missing', 'ca-key-unavailable'
   */
  async switch(force: boolean): Promise<KeptAuthority> {
    const state = await this.state()
    if (state === undefined) throw notPrepared()
    const { prepared, anchorIsNew, progress } = state
    const without = progress.holders - progress.withAnchor
    if (anchorIsNew && without > 0 && !force) {
      const message = `${without} of ${progress.holders} holders of certificates were not handed the new root yet (${progress.missing.join(', ')}). They would refuse our servers. Hand it out (sallyport ca export), then say so by sallyport ca confirm NAME; or switch with --force.`
      throw new RequestError('ca-anchor-missing', message, { without, holders: progress.holders })
    }
    await shown(async () => isSigner(prepared.privateKey) && prepared.privateKey.sign('sha256', PROBE))
    if (!(await this.#authority.activate(prepared))) throw notPrepared(prepared.keyId)
    return this.#authority.currentIssuer
  }

  async #kept(keyId: string): Promise<KeptAuthority> {
    await this.#authority.refresh()
    const found = this.#authority.all.find((one) => one.keyId === keyId)
    if (found === undefined) throw notPrepared(keyId)
    return found
  }

  /** One at a time: clients are told one anchor, and the counter counts for it. */
  async #refuseSecond(): Promise<void> {
    await this.#authority.refresh()
    const { prepared } = this.#authority
    if (prepared === undefined) return
    const message = `A CA is prepared already (${prepared.keyId}). Switch to it (sallyport ca switch), or forget it (sallyport ca discard KEYID).`
    throw new RequestError('ca-prepared', message, { keyId: prepared.keyId })
  }
}

/** A token that signs this signs certificates. */
const PROBE = new TextEncoder().encode('sallyport asks whether the CA key is there')

function keyIdOf(certificate: Certificate | undefined): string | undefined {
  return certificate === undefined ? undefined : toHex(keyIdentifier(certificate.spki))
}

function opened(file: ImportedAuthority): { privateKey: KeyObject; certificates: Certificate[] } {
  if ('pkcs12' in file) {
    const { privateKey, certificate, chain } = readPkcs12(file.pkcs12, file.password)
    return { privateKey, certificates: [certificate, ...chain] }
  }
  const { certificates, key, password } = file
  return { privateKey: openedKey(key, password), certificates: certificatesIn(certificates) }
}

function openedKey(key: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey(passphrase === undefined ? key : { key, passphrase })
  } catch (error) {
    const encrypted = /ENCRYPTED/.test(key)
    if (encrypted && passphrase === undefined) throw refused('its key is encrypted: give the password', error)
    throw refused(encrypted ? 'the password does not open its key' : 'its private key cannot be read', error)
  }
}

function readable<Read>(read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    if (error instanceof PkiError) throw refused(error.message, error)
    throw error
  }
}

/** A token that does not answer is told to whoever asked for it. */
async function shown<Done>(work: () => Promise<Done>): Promise<Done> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UpstreamError) throw new RequestError(error.code, error.message, error.values, error)
    throw error
  }
}

function notPrepared(keyId?: string): RequestError {
  const message =
    keyId === undefined
      ? 'No CA is prepared: do that first by sallyport ca rollover, install or import.'
      : `${keyId} is neither requested nor prepared.`
  return new RequestError('ca-not-prepared', message)
}
