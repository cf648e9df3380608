import { type Certificate, hasIssued } from '@sallyport/pki'
import { BugError } from '../../kernel/errors.ts'
import type { KeptAuthority } from './kept-authority.ts'

/** All CAs of ours at one moment, and what they are to each other. */
export class AuthoritySet {
  readonly all: readonly KeptAuthority[]

  private constructor(all: readonly KeptAuthority[]) {
    this.all = all
  }

  /** @param kept oldest first; none that has ended */
  static of(kept: readonly KeptAuthority[]): AuthoritySet {
    return new AuthoritySet(kept)
  }

  /** The issuing CA that issues. */
  get active(): KeptAuthority {
    const active = this.activeOrUndefined
    if (active === undefined) throw new BugError('issuing-ca-missing', 'There is no active issuing CA.')
    return active
  }

  get activeOrUndefined(): KeptAuthority | undefined {
    return this.#issuing('active').at(-1)
  }

  /** What takes over with the next switch. */
  get prepared(): KeptAuthority | undefined {
    return this.#issuing('prepared').at(-1)
  }

  /** The current one last. */
  get issuers(): readonly KeptAuthority[] {
    return [...this.#issuing('former'), ...this.#issuing('prepared'), ...this.#issuing('active')]
  }

  /** Ours, the current one last. */
  get roots(): readonly KeptAuthority[] {
    const roots = this.all.filter(({ role }) => role === 'root')
    return [
      ...roots.filter(({ state }) => state !== 'active'),
      ...roots.filter(({ state }) => state === 'active'),
    ]
  }

  /** The current root first, then a prepared one, then former ones. */
  get anchors(): readonly Certificate[] {
    const issuers = [...this.#issuing('active'), ...this.#issuing('prepared'), ...this.#issuing('former')]
    const found = new Map<string, Certificate>()
    for (const root of issuers.map((issuer) => this.rootOf(issuer))) found.set(root.fingerprint, root)
    return [...found.values()]
  }

  rootOf({ certificate, chain }: KeptAuthority): Certificate {
    return chain.at(-1) ?? certificate
  }

  /** undefined where the root is not ours. */
  ownRootOf(issuer: KeptAuthority): KeptAuthority | undefined {
    const { fingerprint } = this.rootOf(issuer)
    return this.roots.find(({ certificate }) => certificate.fingerprint === fingerprint)
  }

  issuerOf(certificate: Certificate): KeptAuthority {
    const { keyIdentifier } = certificate.extensions.authorityKeyIdentifier ?? {}
    const hex = keyIdentifier === undefined ? undefined : Buffer.from(keyIdentifier).toString('hex')
    const issuer =
      this.issuers.find(({ keyId }) => keyId === hex) ??
      this.issuers.find((one) => hasIssued(one.certificate, certificate))
    return issuer ?? this.active
  }

  find(keyId: string): KeptAuthority {
    const found = this.all.find((one) => one.keyId === keyId)
    if (found === undefined) throw new BugError('issuing-ca-missing', `There is no CA ${keyId}.`)
    return found
  }

  #issuing(state: KeptAuthority['state']): KeptAuthority[] {
    return this.all.filter((one) => one.role === 'issuing' && one.state === state)
  }
}
