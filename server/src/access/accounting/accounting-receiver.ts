import { encodeReply, PacketCode } from '@sallyport/radius'
import { reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import type { Answer } from '../answer.ts'
import type { ForwardAccounting } from '../proxy/forwarded-accounting.ts'
import type { AccountingQueue } from './accounting-queue.ts'
import { type AccountingFault, readAccountingRecord } from './accounting-record.ts'

const FAULTS: Readonly<Record<AccountingFault, string>> = {
  'no-status-type': 'the accounting record has no Acct-Status-Type',
  'no-session-id': 'the accounting record has no Acct-Session-Id',
}

/** A verified Accounting-Request in; an Accounting-Response out once its row is durable, and not before. */
export class AccountingReceiver {
  readonly #queue: AccountingQueue
  readonly #forward: ForwardAccounting

  /** `forward`: what another server is to be given of a request. */
  constructor(queue: AccountingQueue, forward: ForwardAccounting) {
    this.#queue = queue
    this.#forward = forward
  }

  async receive(request: AccessRequest): Promise<Answer> {
    const { packet, client, secret, source, receivedAt } = request
    const read = readAccountingRecord(packet, {
      client: client.name,
      sourceAddress: source.address,
      receivedAt,
    })
    if (!read.ok) {
      const why = reason('malformed-packet', { address: source.address, detail: FAULTS[read.fault] })
      return { kind: 'silence', reason: why }
    }
    const forwarding = this.#forward(request)
    const record = forwarding === undefined ? read.record : { ...read.record, forwarding }
    const isDurable = await this.#queue.write(record)
    if (!isDurable)
      return { kind: 'silence', reason: reason('accounting-not-stored', { client: client.name }) }
    const code = PacketCode.AccountingResponse
    return { kind: 'reply', octets: encodeReply({ code, request: packet, secret, attributes: [] }) }
  }
}
