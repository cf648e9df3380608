import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import {
  type Certificate,
  createEnvelopedData,
  createPkiMessage,
  createSelfSignedCertificate,
  encodeIssuerAndSubject,
  encodePem,
  MESSAGE_TYPE,
  openEnvelopedData,
  PkiError,
  parseCertificate,
  parseCertificationRequest,
  parsePkiMessage,
  parseSignedData,
  validateCertificate,
  verifySignerInfo,
} from '@sallyport/pki'
import { CliError } from '../cli-error.ts'
import { TryAgain } from './enrol-error.ts'
import { type Answered, fetchOctets } from './fetch-octets.ts'
import type { EnrolmentProtocolClient, ProtocolAnswer, ProtocolRequest } from './protocol.ts'
import { certificatesIn } from './trust-anchors.ts'

export interface ScepClientOptions {
  /** `http://pki.example.org:8880/scep` */
  readonly url: URL
  /** PEM: vouches for the server's answers, and over https for the server itself. */
  readonly ca: string | undefined
  readonly now: () => number
}

const DAY = 86_400_000
const POLL_SECONDS = 30

/** A server of RFC 8894. Its messages protect themselves, so plain HTTP is good enough; `ca` tells whose they are. */
export class ScepClient implements EnrolmentProtocolClient {
  readonly #options: ScepClientOptions

  constructor(options: ScepClientOptions) {
    this.#options = options
  }

  async authorities(): Promise<readonly Certificate[]> {
    const answer = await this.#get('GetCACert')
    return understood(() =>
      /x509-ca-ra-cert/i.test(answer.type)
        ? parseSignedData(answer.body).certificates
        : [parseCertificate(answer.body)],
    )
  }

  async enrol({ request, key, proof, signer: kept }: ProtocolRequest): Promise<ProtocolAnswer> {
    const { now } = this.#options
    const capabilities = new Set((await this.#get('GetCACaps')).body.toString('latin1').split(/\s+/))
    const servers = this.#vouchedFor(await this.authorities())
    const recipient = servers.find(({ publicKey, extensions: { keyUsage } }) => {
      const mayEncrypt = keyUsage === undefined || keyUsage.has('keyEncipherment')
      return publicKey?.asymmetricKeyType === 'rsa' && mayEncrypt
    })
    if (recipient === undefined)
      throw new CliError('The SCEP server shows no RSA certificate to encrypt for.')
    const parsed = parseCertificationRequest(request)
    const isRenewal = proof.kind === 'certificate'
    const own = isRenewal ? proof.current.key : key
    const privateKey = createPrivateKey(own)
    const selfSigned = () =>
      createSelfSignedCertificate({
        ...{ subject: parsed.subject, publicKey: createPublicKey(privateKey), privateKey },
        ...{ notBefore: now() - DAY, notAfter: now() + 30 * DAY },
      })
    const [current] = certificatesIn(isRenewal ? proof.current.certificate : (kept ?? ''))
    const signer = current ?? selfSigned()
    const transactionId = createHash('sha256').update(parsed.spki).digest('hex')
    const senderNonce = randomBytes(16)
    const isPoll = kept !== undefined
    const content = isPoll
      ? encodeIssuerAndSubject({ issuer: recipient.issuer, subject: parsed.subject })
      : request
    // Section 2.3: a CA that does not name Renewal takes renewals as first requests, signed with the old certificate.
    const first = isRenewal && capabilities.has('Renewal') ? MESSAGE_TYPE.renewalReq : MESSAGE_TYPE.pkcsReq
    const message = createPkiMessage({
      messageType: isPoll ? MESSAGE_TYPE.certPoll : first,
      transactionId,
      senderNonce,
      envelope: createEnvelopedData(content, recipient),
      signer: { certificate: signer, privateKey },
    })
    const answer = await this.#send(message, capabilities)
    return understood(() => this.#read(answer, { servers, signer, privateKey, transactionId, senderNonce }))
  }

  #read(
    { body }: Answered,
    { servers, signer, privateKey, transactionId, senderNonce }: Exchange,
  ): ProtocolAnswer {
    const answer = parsePkiMessage(body)
    const by = servers.find((server) => {
      const verdict = verifySignerInfo(answer.signed, answer.signer, server.publicKey, { allowSha1: true })
      return verdict.ok
    })
    if (by === undefined) throw new CliError('The answer is not signed by the SCEP server.')
    const isOurs =
      answer.transactionId.text === transactionId &&
      answer.recipientNonce !== undefined &&
      Buffer.from(answer.recipientNonce).equals(senderNonce)
    if (answer.messageType !== MESSAGE_TYPE.certRep || !isOurs)
      throw new CliError('The SCEP server answered another question than ours.')
    switch (answer.pkiStatus) {
      case 'pending':
        return { kind: 'pending', afterSeconds: POLL_SECONDS, signer: encodePem('CERTIFICATE', signer.der) }
      case 'success': {
        const recipients = [{ certificate: signer, privateKey }]
        const opened = openEnvelopedData(answer.envelope ?? new Uint8Array(), recipients, CIPHERS)
        if (!opened.ok) throw new CliError(`The answer cannot be decrypted: ${opened.detail}.`)
        return { kind: 'issued', certificates: parseSignedData(opened.content).certificates }
      }
      default: {
        const why = answer.failInfoText ?? answer.failInfo ?? 'no reason given'
        throw new CliError(`The SCEP server refused the request: ${why.replace(/\.$/, '')}.`)
      }
    }
  }

  /** Of what the server shows, what the trusted CA vouches for: nobody else is encrypted for or believed. */
  #vouchedFor(shown: readonly Certificate[]): readonly Certificate[] {
    const anchors = certificatesIn(this.#options.ca ?? '')
    const options = {
      anchors,
      at: this.#options.now(),
      purpose: 'any',
      revocation: 'off',
      allowSha1: true,
    } as const
    const good = shown.filter(
      (certificate) =>
        anchors.some(({ fingerprint }) => fingerprint === certificate.fingerprint) ||
        validateCertificate(certificate, shown, options).ok,
    )
    if (good.length === 0)
      throw new CliError('The SCEP server shows no certificate that the trusted CA vouches for.')
    // A registration authority comes before the CA it works for.
    return good.toSorted((a, b) => Number(isCa(a)) - Number(isCa(b)))
  }

  async #get(operation: string): Promise<Answered> {
    const answer = await this.#fetch(`operation=${operation}`)
    if (answer.status !== 200) throw failed(answer)
    return answer
  }

  async #send(message: Uint8Array, capabilities: ReadonlySet<string>): Promise<Answered> {
    const mayPost = capabilities.has('POSTPKIOperation') || capabilities.has('SCEPStandard')
    const text = encodeURIComponent(Buffer.from(message).toString('base64'))
    const answer = mayPost
      ? await this.#fetch('operation=PKIOperation', message)
      : await this.#fetch(`operation=PKIOperation&message=${text}`)
    if (answer.status !== 200) throw failed(answer)
    return answer
  }

  #fetch(query: string, body?: Uint8Array): Promise<Answered> {
    const { url, ca } = this.#options
    const whole = new URL(url)
    whole.search = query
    return fetchOctets({
      url: whole,
      ...(ca !== undefined && { ca }),
      ...(body !== undefined && {
        ...{ method: 'POST' as const, body },
        headers: { 'content-type': 'application/x-pki-message' },
      }),
    })
  }
}

/** Old servers answer with DES, whatever they were asked with; what it hides is a certificate, and no secret. */
const CIPHERS = ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc', 'des-cbc'] as const

interface Exchange {
  readonly servers: readonly Certificate[]
  readonly signer: Certificate
  readonly privateKey: ReturnType<typeof createPrivateKey>
  readonly transactionId: string
  readonly senderNonce: Uint8Array
}

function isCa({ extensions }: Certificate): boolean {
  return extensions.basicConstraints?.ca === true
}

function understood<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    throw new CliError(`The server answered with something that is no SCEP message: ${error.message}.`)
  }
}

function failed({ status, retryAfterSeconds }: Answered): CliError {
  const hint =
    status === 404 ? ' Is SCEP turned on there, and --url the whole address (http://HOST:8880/scep)?' : ''
  const text = `The SCEP server answered ${status}.${hint}`
  return status === 429 || status >= 500 ? new TryAgain(text, retryAfterSeconds) : new CliError(text)
}
