import { type Certificate, PkiError, sameName } from '@sallyport/pki'
import {
  CLIENT_AUTHENTICATION,
  createCmcResponse,
  type EnrolmentMessage,
  FAILED_AUTHENTICATION,
  GET_POLICIES,
  KET_ACTION,
  type PolicyAuthority,
  parseEnrolmentMessage,
  parseSoap,
  RST_ACTION,
  readGetPolicies,
  readSecurityTokenRequest,
  SoapError,
  type SoapFault,
  type SoapMessage,
  soapFault,
  TRUST,
  writeNotChanged,
  writePolicies,
  writeTokenResponse,
  XmlError,
} from '@sallyport/pki/windows'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { CertificateAuthority } from '../authority.ts'
import type { EnrolmentOutcome, Registration } from '../registration/registration.ts'
import type { Requester } from '../registration/requester.ts'
import { type Endpoint, type EndpointAuthentication, enrolmentUrl } from './endpoint.ts'
import { enrolmentPolicy, isForWindows, passesFilter } from './enrolment-policy.ts'
import { HRESULT, hresultOf } from './hresult.ts'
import { namedTemplate } from './named-template.ts'
import { policyId } from './policy-id.ts'
import { PolicyMemory } from './policy-memory.ts'
import {
  type WindowsCaller,
  type WindowsCallerParts,
  WindowsCallers,
  type WindowsRequest,
} from './windows-caller.ts'

export interface WindowsParts extends WindowsCallerParts {
  readonly registration: Pick<Registration, 'request' | 'result' | 'templatesFor'>
  readonly authority: Pick<CertificateAuthority, 'root' | 'issuers' | 'currentIssuer'>
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  /** `enrolment.httpsUrl` */
  readonly url: () => string | undefined
}

export interface WindowsAnswer {
  /** SOAP 1.2 part 2 section 7.5: a fault is a 500. */
  readonly status: 200 | 401 | 500
  readonly body: string
  /** For WWW-Authenticate: empty, the client is asked for a ticket. */
  readonly negotiate?: string
}

const INVALID_REQUEST = { namespace: TRUST, name: 'InvalidRequest' } as const
const REQUEST_FAILED = { namespace: TRUST, name: 'RequestFailed' } as const

/** A fault on its way out, as an exception of this file alone. */
class Refusal extends Error {
  readonly fault: SoapFault

  constructor(fault: SoapFault) {
    super(fault.text)
    this.fault = fault
  }
}

/**
 * Auto-enrolment of Windows: MS-XCEP says which templates there are, MS-WSTEP takes the requests. Turns what was proved into
 * a requester, and leaves what is issued to the registration authority.
 */
export class WindowsService {
  readonly #parts: WindowsParts
  readonly #callers: WindowsCallers
  readonly #memory = new PolicyMemory()

  constructor(parts: WindowsParts) {
    this.#parts = parts
    this.#callers = new WindowsCallers(parts)
  }

  get authorityName(): string {
    return this.#parts.settings().authorityName
  }

  offers({ authentication, isRenewal }: Endpoint): boolean {
    const { enabled, keyBasedRenewal } = this.#parts.settings()
    if (!enabled || this.#parts.url() === undefined || (isRenewal && !keyBasedRenewal)) return false
    return this.#callers.offers(authentication)
  }

  async answer(endpoint: Endpoint, request: WindowsRequest): Promise<WindowsAnswer> {
    let caller: WindowsCaller | undefined
    let relatesTo: string | undefined
    try {
      // A ticket is looked at before the message: strangers cost no parsing.
      if (endpoint.authentication === 'kerberos') {
        caller = await this.#callers.byKerberos(request)
        if (caller.kind === 'challenge') return { status: 401, body: '', negotiate: '' }
      }
      const message = parseSoap(request.body)
      relatesTo = message.messageId
      caller ??= await this.#caller(endpoint, request, message)
      const body =
        endpoint.service === 'policy'
          ? this.#policies(endpoint, this.#requester(caller), message)
          : await this.#enrol(endpoint, request, caller, message)
      return { status: 200, body, ...negotiation(caller) }
    } catch (error) {
      return { status: 500, body: soapFault(this.#fault(error, request), relatesTo), ...negotiation(caller) }
    }
  }

  /** undefined: the message itself has to say. */
  async #caller(
    { authentication }: Endpoint,
    request: WindowsRequest,
    message: SoapMessage,
  ): Promise<WindowsCaller | undefined> {
    switch (authentication) {
      case 'password':
        return await this.#callers.byPassword(request, message)
      case 'certificate':
        return await this.#callers.byCertificate(request)
      default:
        return undefined
    }
  }

  #requester(caller: WindowsCaller | undefined): Requester {
    if (caller?.kind === 'known') return caller.requester
    if (caller?.kind === 'unavailable') throw unavailable()
    throw new Refusal({
      code: 'Sender',
      subcode: FAILED_AUTHENTICATION,
      text: 'The name or the password is wrong, the certificate does not count, or the account may not enrol now.',
      detail: { hresult: HRESULT.accessDenied, isInvalidRequest: false },
    })
  }

  #policies(endpoint: Endpoint, { identity }: Requester, message: SoapMessage): string {
    if (message.action !== GET_POLICIES) throw new SoapError('Sender', 'this address takes GetPolicies alone')
    const asked = readGetPolicies(message.body)
    if (identity === undefined) throw unavailable()
    const { registration, settings, clock, authority } = this.#parts
    const configured = settings()
    const policies = registration
      .templatesFor(identity, 'wstep')
      .filter(isForWindows)
      .map((template) => enrolmentPolicy(template, configured))
      .filter((policy) => passesFilter(policy, asked))
    const response = {
      policyId: policyId(configured, authority.root),
      friendlyName: configured.friendlyName,
      nextUpdateHours: configured.nextUpdateHours,
      policies,
      authorities: [this.#authority(endpoint)],
    }
    const content = writePolicies(response, undefined)
    const caller = `${identity.id} ${endpoint.authentication} ${endpoint.isRenewal}`
    return this.#memory.isUnchanged(caller, content, asked.lastUpdate, clock.now())
      ? writeNotChanged(response, message.messageId)
      : writePolicies(response, message.messageId)
  }

  /** The issuing CA, and where it is asked: the way the client came first. */
  #authority({ authentication: came, isRenewal }: Endpoint): PolicyAuthority {
    const { authority, url } = this.#parts
    const all: readonly EndpointAuthentication[] = ['kerberos', 'certificate', 'password', 'anonymous']
    const fitting = isRenewal ? (['certificate', 'anonymous'] as const) : all
    const offered = fitting.filter((authentication) => this.#callers.offers(authentication))
    const ordered = [...offered.filter((one) => one === came), ...offered.filter((one) => one !== came)]
    return {
      certificate: authority.currentIssuer.certificate.der,
      uris: ordered.map((authentication, index) => ({
        authentication: CLIENT_AUTHENTICATION[authentication],
        uri: enrolmentUrl(url() ?? '', this.authorityName, authentication),
        priority: index + 1,
        // Over an address without a proof of its own a certificate renews itself, and nothing else.
        renewalOnly: isRenewal || authentication === 'anonymous',
      })),
    }
  }

  async #enrol(
    endpoint: Endpoint,
    request: WindowsRequest,
    caller: WindowsCaller | undefined,
    { action, body, messageId }: SoapMessage,
  ): Promise<string> {
    if (action !== RST_ACTION && action !== KET_ACTION)
      throw new SoapError('Sender', 'this address takes RequestSecurityToken alone')
    const asked = readSecurityTokenRequest(body)
    switch (asked.kind) {
      case 'key-exchange':
        this.#requester(caller)
        throw new Refusal({
          code: 'Sender',
          subcode: INVALID_REQUEST,
          text: 'Private keys are not archived here.',
          detail: { hresult: HRESULT.notSupported, isInvalidRequest: true },
        })
      case 'query': {
        const { requestId } = asked
        const outcome = await this.#parts.registration.result(requestId, this.#requester(caller))
        if (outcome === undefined)
          throw this.#denied(
            reason('enrolment-request-unknown', { id: requestId }),
            HRESULT.noRequest,
            requestId,
          )
        return this.#response(outcome, 1, endpoint, messageId, requestId)
      }
      case 'issue': {
        // Who is unknown costs no parsing of certificates either.
        if (caller !== undefined) this.#requester(caller)
        const message = parseEnrolmentMessage(asked.token)
        const requester = this.#requester(caller ?? this.#callers.byMessage(request, message))
        const outcome = await this.#ask(requester, message, asked.context)
        return this.#response(outcome, message.bodyPartId, endpoint, messageId)
      }
    }
  }

  async #ask(
    requester: Requester,
    message: EnrolmentMessage,
    context: readonly (readonly [string, string])[],
  ): Promise<EnrolmentOutcome> {
    const named = namedTemplate([...context, ...message.attributes], this.#parts.templates())
    if (named.kind === 'conflict')
      throw this.#denied(reason('enrolment-template-conflict', { templates: named.names }))
    return await this.#parts.registration.request({
      ...{ protocol: 'wstep', requester, request: message.request },
      ...(named.template !== undefined && { template: named.template }),
      ...(message.renews !== undefined && { renews: message.renews }),
    })
  }

  #response(
    outcome: EnrolmentOutcome,
    bodyPartId: number,
    { authentication }: Endpoint,
    relatesTo: string | undefined,
    requestId?: number,
  ): string {
    const { authority, clock, url } = this.#parts
    switch (outcome.kind) {
      case 'issued': {
        const { id, certificate, chain } = outcome
        const message = 'Issued'
        const signer = this.#issuerOf(certificate)
        const answer = { kind: 'issued', certificate, chain } as const
        const cmc = createCmcResponse({ answer, bodyPartId, status: message, signer })
        return writeTokenResponse(
          { requestId: id, message, cmc, token: { certificate: certificate.der } },
          relatesTo,
        )
      }
      case 'pending': {
        const { id } = outcome
        const message = 'Taken Under Submission'
        const answer = { kind: 'pending', requestId: id, at: clock.now() } as const
        const signer = authority.currentIssuer
        const cmc = createCmcResponse({ answer, bodyPartId, status: message, signer })
        const reference = enrolmentUrl(url() ?? '', this.authorityName, authentication)
        return writeTokenResponse({ requestId: id, message, cmc, token: { reference } }, relatesTo)
      }
      case 'refused':
        throw this.#denied(outcome.reason, hresultOf(outcome.reason), requestId)
      case 'unavailable':
        throw unavailable()
    }
  }

  #issuerOf({ issuer }: Certificate) {
    const { issuers, currentIssuer } = this.#parts.authority
    return issuers.find(({ certificate }) => sameName(certificate.subject, issuer)) ?? currentIssuer
  }

  /** A final no, with a sentence for the event log of the client. */
  #denied(why: Reason, hresult = hresultOf(why), requestId?: number): Refusal {
    const { sentence } = render(why)
    return new Refusal({
      code: 'Receiver',
      subcode: REQUEST_FAILED,
      text: `${sentence} (${why.code})`,
      detail: { hresult, isInvalidRequest: false, ...(requestId !== undefined && { requestId }) },
    })
  }

  #fault(error: unknown, { from }: WindowsRequest): SoapFault {
    if (error instanceof Refusal) return error.fault
    if (error instanceof SoapError || error instanceof XmlError || error instanceof PkiError) {
      this.#parts.log.info(
        { code: 'enrolment-request-malformed', address: from },
        `MS-WSTEP: ${error.message}`,
      )
      return {
        code: error instanceof SoapError ? error.code : 'Sender',
        subcode: INVALID_REQUEST,
        text: `The message is not understood: ${error.message}.`,
        detail: { hresult: HRESULT.badData, isInvalidRequest: true },
      }
    }
    this.#parts.log.error({ err: error, address: from }, 'A request of a Windows client failed.')
    return unavailable().fault
  }
}

function negotiation(caller: WindowsCaller | undefined): Pick<WindowsAnswer, 'negotiate'> {
  return caller?.kind === 'known' && caller.negotiate !== undefined ? { negotiate: caller.negotiate } : {}
}

function unavailable(): Refusal {
  return new Refusal({
    code: 'Receiver',
    subcode: REQUEST_FAILED,
    text: 'This cannot be decided now; try again later.',
    detail: { hresult: HRESULT.unavailable, isInvalidRequest: false },
  })
}
