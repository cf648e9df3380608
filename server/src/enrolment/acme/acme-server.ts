import { changeAccount, changeKey, newAccount, ordersOf } from './accounts.ts'
import type { AccountCall, AcmeAnswer, AcmeCall, AcmeParts, Answer, SignedCall } from './acme-call.ts'
import { authenticate } from './authenticate.ts'
import { authorization, challenge } from './authorizations.ts'
import { certificate, revokeCertificate } from './certificates.ts'
import { finalize, showOrder } from './finalize.ts'
import { isProblem } from './jws.ts'
import { Links } from './links.ts'
import { Nonces } from './nonces.ts'
import { newOrder } from './orders.ts'
import { type Problem, problem } from './problem.ts'
import { renewalInformation } from './renewal-information.ts'
import { servedTemplate } from './served-template.ts'

const CLEAN_UP_MILLISECONDS = 3_600_000

/** An ACME server (RFC 8555) with a directory for each template that ACME may ask for. Knows no HTTP. */
export class AcmeServer {
  readonly #parts: AcmeParts
  readonly #nonces = new Nonces()
  readonly #timer: NodeJS.Timeout

  constructor(parts: AcmeParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.#cleanUp(), CLEAN_UP_MILLISECONDS)
    this.#timer.unref()
  }

  newNonce(): string {
    return this.#nonces.issue()
  }

  /** RFC 8555 section 7.1.1. */
  directory(name: string, base: string): AcmeAnswer | Problem {
    const configuration = this.#parts.configuration()
    const template = servedTemplate(name, configuration)
    if (isProblem(template)) return template
    const { termsOfService, validation, openTemplates } = configuration.enrolment.acme
    const links = new Links(base, name)
    return {
      status: 200,
      body: {
        newNonce: links.to('new-nonce'),
        newAccount: links.to('new-account'),
        newOrder: links.to('new-order'),
        revokeCert: links.to('revoke-certificate'),
        keyChange: links.to('key-change'),
        renewalInfo: links.to('renewal-info'),
        meta: {
          externalAccountRequired: !openTemplates.includes(name),
          ...(termsOfService === undefined ? {} : { termsOfService }),
          ...(validation.caaIssuer === undefined ? {} : { caaIdentities: [validation.caaIssuer] }),
        },
      },
    }
  }

  /** Problem where the directory this nonce is asked at does not exist. */
  servesTemplate(name: string): Problem | undefined {
    const template = servedTemplate(name, this.#parts.configuration())
    return isProblem(template) ? template : undefined
  }

  /** RFC 9773; asked for by GET. */
  async renewalInformation(name: string, id: string): Promise<AcmeAnswer | Problem> {
    const template = servedTemplate(name, this.#parts.configuration())
    return isProblem(template) ? template : await renewalInformation(id, template, this.#parts)
  }

  async post(call: AcmeCall): Promise<Answer> {
    const signed = await authenticate(call, this.#nonces, this.#parts)
    const answer = isProblem(signed) ? signed : await this.#perform(call.path, signed)
    if (isProblem(answer)) {
      const { type, reason } = answer
      const { template, path, from } = call
      this.#parts.log.info({ type, reason, template, path, from }, `ACME request refused: ${reason.code}.`)
    }
    return answer
  }

  close(): void {
    clearInterval(this.#timer)
    this.#parts.validator.close()
  }

  /** RFC 8555 section 6.2: which requests carry a key, and which the address of an account. */
  async #perform(path: string, call: SignedCall & Partial<AccountCall>): Promise<Answer> {
    const parts = this.#parts
    const { account } = call
    if (path === 'revoke-certificate') return await revokeCertificate(call, parts)
    if (path === 'new-account') {
      return account === undefined
        ? await newAccount(call, parts)
        : malformed('newAccount is signed with jwk, not kid')
    }
    if (account === undefined) return malformed('this request is signed with kid, not jwk')
    return await performForAccount(path, { ...call, account }, parts)
  }

  async #cleanUp(): Promise<void> {
    try {
      while ((await this.#parts.store.cleanUp(this.#parts.clock.now())) > 0);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'Old ACME orders could not be deleted.')
    }
  }
}

type Perform = (call: AccountCall, parts: AcmeParts, id: string, action: string) => Promise<Answer>

/** Resources of an account by their address: `*` is an id, or the type of a challenge. */
const RESOURCES: Readonly<Record<string, Perform>> = {
  'new-order': (call, parts) => newOrder(call, parts),
  'key-change': (call, parts) => changeKey(call, parts),
  'account/*': (call, parts, id) => changeAccount(call, id, parts),
  'account/*/orders': (call, parts, id) => ordersOf(call, id, parts),
  'order/*': (call, parts, id) => showOrder(call, id, parts),
  'order/*/finalize': (call, parts, id) => finalize(call, id, parts),
  'authorization/*': (call, parts, id) => authorization(call, id, parts),
  'challenge/*/*': (call, parts, id, type) => challenge(call, id, type, parts),
  'certificate/*': (call, parts, id) => certificate(call, id, undefined, parts),
  'certificate/*/1': (call, parts, id) => certificate(call, id, '1', parts),
}

function resourceOf(path: string): Perform | undefined {
  const [resource = '', ...rest] = path.split('/')
  const [, action] = rest
  const patterns = [path, [resource, ...rest.map(() => '*')].join('/'), [resource, '*', action].join('/')]
  const found = patterns.find((pattern) => Object.hasOwn(RESOURCES, pattern))
  return found === undefined ? undefined : RESOURCES[found]
}

async function performForAccount(path: string, call: AccountCall, parts: AcmeParts): Promise<Answer> {
  const [, id = '', action = ''] = path.split('/')
  const perform = resourceOf(path)
  if (perform !== undefined) return await perform(call, parts, id, action)
  return problem(
    'malformed',
    'acme-request-malformed',
    { detail: 'there is nothing at this address' },
    { status: 404 },
  )
}

function malformed(detail: string): Problem {
  return problem('malformed', 'acme-request-malformed', { detail })
}
