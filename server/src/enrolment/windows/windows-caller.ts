import { certificateNames } from '@sallyport/pki'
import type { EnrolmentMessage, SoapMessage } from '@sallyport/pki/windows'
import type { WindowsConfiguration } from '../../config/sections/enrolment/windows.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import { judgeOwnCertificate, type OwnCertificateParts } from '../registration/own-certificate.ts'
import type { EnrolmentIdentities, IdentityAnswer, Requester } from '../registration/requester.ts'
import type { EndpointAuthentication } from './endpoint.ts'
import { KerberosAcceptor } from './kerberos-acceptor.ts'

/** What HTTP and TLS brought beside the message. */
export interface WindowsRequest {
  readonly body: Uint8Array
  readonly from: string
  /** The header. */
  readonly authorization?: string
  /** DER of the certificate shown in TLS, whose key the handshake proved; nothing else was judged yet. */
  readonly certificate?: Uint8Array
}

export type WindowsCaller =
  /** `negotiate` answers the client's ticket. */
  | { readonly kind: 'known'; readonly requester: Requester; readonly negotiate?: string }
  /** It may show a ticket. */
  | { readonly kind: 'challenge' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unavailable' }

export interface WindowsCallerParts {
  readonly identities: EnrolmentIdentities
  readonly own: OwnCertificateParts
  readonly settings: () => WindowsConfiguration
  readonly clock: Clock
  readonly log: Logger
}

/** Who asks, proved as the address they ask at wants it. Whatever stood against it, the client is told the same. */
export class WindowsCallers {
  readonly #parts: WindowsCallerParts
  #acceptor:
    | { readonly settings: WindowsConfiguration['kerberos']; readonly acceptor: KerberosAcceptor }
    | undefined

  constructor(parts: WindowsCallerParts) {
    this.#parts = parts
  }

  offers(authentication: EndpointAuthentication): boolean {
    const settings = this.#parts.settings()
    switch (authentication) {
      case 'kerberos':
        return settings.kerberos !== undefined
      case 'password':
        return settings.password
      case 'certificate':
        return settings.certificate
      case 'anonymous':
        return settings.keyBasedRenewal
    }
  }

  async byKerberos({ authorization, from }: WindowsRequest): Promise<WindowsCaller> {
    if (authorization === undefined) return { kind: 'challenge' }
    const acceptor = this.#kerberos()
    if (acceptor === undefined) return { kind: 'refused' }
    const answer = await acceptor.accept(authorization)
    if (answer.kind === 'unavailable') {
      this.#tell(reason('kerberos-unavailable', { why: answer.why }), from)
      return { kind: 'unavailable' }
    }
    if (answer.kind === 'refused') {
      this.#tell(reason('kerberos-refused', { why: answer.why }), from)
      return { kind: 'challenge' }
    }
    const { account: name, token } = answer
    const caller = known(await this.#parts.identities.find(name), { by: 'kerberos', name, from })
    return caller.kind === 'known' ? { ...caller, negotiate: token } : caller
  }

  async byPassword({ from }: WindowsRequest, { usernameToken }: SoapMessage): Promise<WindowsCaller> {
    if (usernameToken === undefined) return { kind: 'refused' }
    const { username: name, password } = usernameToken
    const octets = new TextEncoder().encode(password)
    const answer = await this.#parts.identities.authenticate(name, octets, from)
    return known(answer, { by: 'password', name, from })
  }

  async byCertificate({ certificate, from }: WindowsRequest): Promise<WindowsCaller> {
    const { own, clock, identities } = this.#parts
    if (certificate === undefined) return { kind: 'refused' }
    const verdict = await judgeOwnCertificate(certificate, clock.now(), own)
    if (!verdict.ok) {
      this.#tell(verdict.reason, from)
      return { kind: 'refused' }
    }
    const { holder_id: holder, holder_name: holderName } = verdict.record
    // A certificate of a device without an account has no templates here.
    if (holder === null) return { kind: 'refused' }
    const name = holderName ?? holder
    return known(await identities.byId(holder, name), { by: 'certificate', name, from })
  }

  /** Nobody but the holder of a certificate that is renewed: its key signed the message. */
  byMessage({ from }: WindowsRequest, { renews }: EnrolmentMessage): WindowsCaller {
    if (renews === undefined) return { kind: 'refused' }
    const name = certificateNames(renews).subject
    return { kind: 'known', requester: { by: 'certificate', name, from } }
  }

  #kerberos(): KerberosAcceptor | undefined {
    const { kerberos } = this.#parts.settings()
    if (kerberos === undefined) return undefined
    if (this.#acceptor?.settings !== kerberos) {
      const { clock } = this.#parts
      this.#acceptor = {
        settings: kerberos,
        acceptor: new KerberosAcceptor(kerberos, () => clock.monotonic()),
      }
    }
    return this.#acceptor?.acceptor
  }

  #tell(why: Reason, address: string): void {
    this.#parts.log.info({ code: why.code, address }, render(why).sentence)
  }
}

function known(answer: IdentityAnswer, proved: Omit<Requester, 'identity'>): WindowsCaller {
  if (answer.kind !== 'known') return { kind: answer.kind }
  return { kind: 'known', requester: { ...proved, identity: answer.identity } }
}
