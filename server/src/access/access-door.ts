import { EapMessage, UserName } from '@sallyport/radius/attributes'
import type { Authentication } from '../identity/authentication-order.ts'
import { type Method, offer, rejectingRule } from '../policy/index.ts'
import { type Reason, reason } from '../reasons/index.ts'
import type { AccessRequest } from './access-request.ts'
import type { Answer } from './answer.ts'
import { askingDevice } from './asking-device.ts'
import type { Conclusion } from './conclusion.ts'
import { type DirectLogin, readDirectLogin } from './direct/direct-login.ts'
import { isGarbledPassword } from './direct/garbled-password.ts'
import type { EapLogin } from './eap/eap-login.ts'
import { earlyFacts } from './facts.ts'
import type { MacLogin } from './mab/mac-login.ts'
import { recogniseMac } from './mab/recognise-mac.ts'
import { mschapError, NO_DIALIN_PERMISSION } from './mschap-error.ts'
import { outcomeReason } from './outcome-reason.ts'
import type { ProxyDoor } from './proxy/proxy-door.ts'
import type { Served } from './served.ts'
import { downloadAcl, isAclDownload } from './vendors/acl-download.ts'
import { whenReady } from './when-ready.ts'

const NO_ENVELOPE = { success: () => [], failure: () => [] }

/**
 * The network door: a verified Access-Request in, an answer out. EAP goes its own way (`eap/eap-login.ts`), so does MAC
 * authentication bypass (`mab/`); every other method proves itself in this one request. All end in `conclusion.ts`.
 */
export class AccessDoor {
  readonly #proxy: ProxyDoor
  readonly #eap: EapLogin
  readonly #macs: MacLogin
  readonly #conclusion: Conclusion
  readonly #served: () => Served
  readonly #monotonic: () => number

  constructor(parts: {
    readonly proxy: ProxyDoor
    readonly eap: EapLogin
    readonly macs: MacLogin
    readonly conclusion: Conclusion
    readonly served: () => Served
    readonly monotonic: () => number
  }) {
    this.#proxy = parts.proxy
    this.#eap = parts.eap
    this.#macs = parts.macs
    this.#conclusion = parts.conclusion
    this.#served = parts.served
    this.#monotonic = parts.monotonic
  }

  receive(request: AccessRequest): Answer | Promise<Answer> {
    if (isAclDownload(request.packet)) return this.#download(request)
    const { packet, secret, client } = request
    const habits = client.macAuthentication
    const mac = habits === undefined ? undefined : recogniseMac(packet, secret, habits)
    // A MAC address is looked up here alone, whatever realm it may seem to belong to.
    const passed = mac === undefined ? this.#proxy.receive(request) : undefined
    if (passed !== undefined) return passed
    const eapMessage = packet.get(EapMessage)
    if (eapMessage !== undefined) return this.#eap.receive(request, eapMessage, mac)
    if (mac !== undefined) return this.#macs.answer(request, this.#served(), mac)
    const read = readDirectLogin(request.packet, request.secret)
    if (!read.ok) return this.#refuse(request, credentialsReason(request, read.why))
    const userName = request.packet.get(UserName)
    if (userName === undefined) return this.#refuse(request, credentialsReason(request, 'no-credentials'))
    if (isGarbledPassword(request.packet, read.login)) {
      const detail = 'not UTF-8, and no Message-Authenticator vouches for the secret'
      const values = { client: request.client.name, user: userName, detail }
      return this.#refuse(request, reason('password-garbled', values))
    }
    return this.#direct(request, userName, read.login)
  }

  /** No login: a device fetches the access list that the accept of one named. */
  #download(request: AccessRequest): Answer {
    const answer = downloadAcl(request, this.#served().downloads)
    return answer.ok ? { kind: 'reply', octets: answer.octets } : this.#refuse(request, answer.reason)
  }

  /** An answer of ours was sent once more. */
  repeated(answer: Uint8Array): void {
    this.#eap.repeated(answer)
  }

  #direct(request: AccessRequest, userName: string, login: DirectLogin): Answer | Promise<Answer> {
    const served = this.#served()
    const { order } = served
    // A password is changed for nobody whom no rule could let in by this method.
    if ('change' in login.ask && !mayUse(request, served, userName, login.method)) {
      return this.#refuseChange(request, served, userName, login)
    }
    const device = askingDevice(request)
    const authentication =
      'proof' in login.ask
        ? order.authenticate(userName, login.ask.proof, device)
        : order.changePassword(userName, login.ask.change, device)
    return whenReady(authentication, (ready) => this.#judge(request, served, userName, login, ready))
  }

  #judge(
    request: AccessRequest,
    served: Served,
    userName: string,
    login: DirectLogin,
    authentication: Authentication,
  ): Answer | Promise<Answer> {
    const { outcome, realm, user } = authentication
    const { method } = login
    if (outcome.kind !== 'authenticated') {
      const why = outcomeReason({ ...authentication, outcome }, userName)
      const failed = { reason: why, outerIdentity: userName, user, realm, method }
      if (outcome.kind === 'unavailable')
        return this.#conclusion.silence(request, served, { ...failed, attributes: [] })
      const attributes = login.onReject(mschapError(outcome))
      return this.#conclusion.fail(request, served, { ...failed, attributes })
    }
    return this.#conclusion.decide(request, served, {
      proved: { user: outcome.user, realm: realm ?? '', method, outerIdentity: userName },
      grant: () => login.onAccept(outcome),
      deny: () => login.onReject(NO_DIALIN_PERMISSION),
      envelope: NO_ENVELOPE,
      provedAt: this.#monotonic(),
    })
  }

  #refuseChange(request: AccessRequest, served: Served, userName: string, login: DirectLogin): Answer {
    const { policy, time } = served
    const rule = rejectingRule(policy, earlyFacts(request, userName, time))
    return this.#conclusion.fail(request, served, {
      reason:
        rule === undefined
          ? reason('no-rule-matched', { rules: policy.rules.length })
          : reason('rejected-by-rule', { rule }),
      outerIdentity: userName,
      method: login.method,
      attributes: login.onReject(NO_DIALIN_PERMISSION),
    })
  }

  #refuse(request: AccessRequest, why: Reason): Answer {
    const outerIdentity = request.packet.get(UserName)
    return this.#conclusion.fail(request, this.#served(), { reason: why, outerIdentity, attributes: [] })
  }
}

const PROOF_FAULTS = {
  contradictory: 'one request carries two different proofs',
  malformed: 'the proof has the wrong shape',
} as const

/** Whether some rule may still let this client and name in by the method. */
function mayUse(request: AccessRequest, served: Served, userName: string, method: Method): boolean {
  return offer(served.policy, earlyFacts(request, userName, served.time)).outer.includes(method)
}

function credentialsReason(
  { client }: AccessRequest,
  why: 'no-credentials' | 'contradictory' | 'malformed',
): Reason {
  return why === 'no-credentials'
    ? reason('no-credentials', { client: client.name })
    : reason('credentials-malformed', { client: client.name, detail: PROOF_FAULTS[why] })
}
