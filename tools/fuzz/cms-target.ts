import {
  type CmsRecipient,
  createEnvelopedData,
  createPkiMessage,
  createSelfSignedCertificate,
  distinguishedName,
  generateKeyPairFor,
  MESSAGE_TYPE,
  openEnvelopedData,
  PkiError,
  parsePkiMessage,
  verifySignerInfo,
} from '@sallyport/pki'
import { alter, mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** SCEP messages, and the CMS they are made of: signed ones that were altered, and envelopes altered before they were signed. */
export const cmsTarget: FuzzTarget = { name: 'cms', share: 1 / 16, open: async () => new CmsFuzz() }

const NOW = Date.parse('2026-01-05T09:00:00Z')
const DAY = 86_400_000
const CONTENT = new Uint8Array(300).fill(7)

class CmsFuzz implements OpenTarget {
  readonly #recipient: CmsRecipient
  readonly #envelope: Uint8Array
  readonly #seeds: readonly Uint8Array[]

  constructor() {
    const keys = generateKeyPairFor('rsa2048')
    const subject = distinguishedName(['CN', 'fuzz'])
    const certificate = createSelfSignedCertificate({
      ...{ ...keys, subject },
      notBefore: NOW - DAY,
      notAfter: NOW + DAY,
    })
    this.#recipient = { certificate, privateKey: keys.privateKey }
    this.#envelope = createEnvelopedData(CONTENT, certificate)
    this.#seeds = [this.#signed(this.#envelope), this.#envelope]
  }

  attempt(random: Random, tell: (input: Uint8Array) => void): string {
    if (random.oneIn(2)) {
      const envelope = random.oneIn(2)
        ? alter(this.#envelope, random)
        : mutate(this.#envelope, random, this.#seeds)
      tell(envelope)
      return this.#open(envelope)
    }
    const seed = this.#seeds[0] ?? CONTENT
    const input = random.oneIn(2) ? alter(seed, random) : mutate(seed, random, this.#seeds)
    tell(input)
    const message = attempted(() => parsePkiMessage(input))
    if (message === undefined) return 'malformed'
    const { publicKey } = this.#recipient.certificate
    const verdict = verifySignerInfo(message.signed, message.signer, publicKey)
    if (!verdict.ok) return verdict.fault
    const isSame = message.messageType === MESSAGE_TYPE.pkcsReq && message.transactionId.text === 'T1'
    if (!isSame || Buffer.compare(message.envelope ?? CONTENT, this.#envelope) !== 0) {
      throw new Finding('an altered message has a valid signature')
    }
    return 'unchanged where it counts'
  }

  #open(envelope: Uint8Array): string {
    const opened = attempted(() => openEnvelopedData(envelope, [this.#recipient]))
    if (opened === undefined) return 'malformed'
    return opened.ok ? 'opened' : opened.fault
  }

  #signed(envelope: Uint8Array): Uint8Array {
    return createPkiMessage({
      ...{
        messageType: MESSAGE_TYPE.pkcsReq,
        transactionId: 'T1',
        senderNonce: new Uint8Array(16),
        envelope,
      },
      signer: this.#recipient,
    })
  }

  close(): void {
    const opened = openEnvelopedData(this.#envelope, [this.#recipient])
    if (!opened.ok) throw new Finding('the good envelope does not open')
  }
}

function attempted<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof PkiError && error.code === 'malformed') return undefined
    throw error
  }
}
