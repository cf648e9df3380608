import type { Duplex } from 'node:stream'
import {
  abandonRequest,
  bindRequest,
  type Entry,
  LdapError,
  type LdapResponse,
  type LdapResult,
  MessageFramer,
  OID,
  readResponse,
  type SearchRequest,
  searchRequest,
  startTlsRequest,
  unbindRequest,
} from '@sallyport/ldap'
import { type Lost, lost } from './lost.ts'

/** What is taken from a server, whatever it sends. */
export interface ConnectionBounds {
  /** Of one message. */
  readonly messageOctets: number
  /** Of all entries of one search. */
  readonly searchOctets: number
  /** Questions that may wait for their answers. */
  readonly waiting: number
}

export const BOUNDS: ConnectionBounds = { messageOctets: 1 << 20, searchOctets: 16 << 20, waiting: 1000 }

export interface Found {
  readonly kind: 'found'
  readonly result: LdapResult
  readonly entries: readonly Entry[]
  readonly cookie?: Uint8Array
  /** More entries came than were asked for: the rest was left. */
  readonly isCut: boolean
}

export interface Answered {
  readonly kind: 'answered'
  readonly result: LdapResult
  /** Of a paged search. */
  readonly cookie?: Uint8Array
}

/**
 * Questions that are sent before others are answered: OpenLDAP ends a connection without a name on which a hundred wait
 * (slapd.conf, conn_max_pending).
 */
const SENT = 64

interface Pending {
  readonly answer: 'bind' | 'done' | 'extended'
  readonly settle: (outcome: Answered | Lost) => void
  readonly entries: Entry[]
  readonly limit: number
  octets: number
}

/** Searches given up whose answers may still come. More: the server does not answer. */
const ABANDONED = 64
/** What may still come of them. */
const ABANDONED_OCTETS = 4 << 20
const MAX_ID = 0x7fff_ffff

/**
 * One connection to an LDAP server. Questions go out at once and are answered in any order (RFC 4511 section 3.1); each has
 * its own deadline. Whatever is no answer to one of them ends the connection, and with it all that wait: nothing can be
 * believed after it.
 */
export class LdapConnection {
  readonly #stream: Duplex
  readonly #bounds: ConnectionBounds
  readonly #framer: MessageFramer
  readonly #pending = new Map<number, Pending>()
  /** Those of `#pending` that are not sent yet, in their order. */
  readonly #held = new Map<number, Uint8Array>()
  readonly #abandoned = new Set<number>()
  #abandonedOctets = 0
  #id = 0
  #isCorked = false
  #end: Lost | undefined
  /** Told once, when no more can be asked. */
  ended: ((why: Lost) => void) | undefined
  /** `performance.now()` of the last whole message. */
  heardAt = 0

  constructor(stream: Duplex, bounds: ConnectionBounds = BOUNDS) {
    this.#stream = stream
    this.#bounds = bounds
    this.#framer = new MessageFramer(bounds.messageOctets, {
      most: bounds.searchOctets,
      passOver: (id, octets) => this.#passOver(id, octets),
    })
    stream.on('data', this.#take)
    stream.on('error', this.#failed)
    stream.on('end', this.#dropped)
    stream.on('close', this.#dropped)
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  /** No other question may be under way (RFC 4511 section 4.2.1). */
  async bind(dn: string, password: Uint8Array, milliseconds: number): Promise<Answered | Lost> {
    // An empty password binds as nobody and succeeds (RFC 4513 section 5.1.2): refused long before, and here for good.
    if (password.length === 0) return lost('nonsense', 'a bind without a password is never sent')
    const answer = await this.#ask('bind', milliseconds, (id) => bindRequest(id, dn, password))
    // A bind without its answer leaves open who the connection speaks for.
    if (answer.kind === 'lost') this.close('its bind was not answered')
    return answer
  }

  /** RFC 4511 section 4.14.1. The stream is handed back for the handshake, and this connection asks nothing more. */
  async startTls(milliseconds: number): Promise<Answered | Lost> {
    const answer = await this.#ask('extended', milliseconds, startTlsRequest)
    if (answer.kind === 'lost' || answer.result.code !== 0) return answer
    // What was said in the clear after the answer is nobody's word, and must not be taken for the server's later.
    if (this.#end !== undefined || !this.#framer.isEmpty)
      return lost('nonsense', 'the server went on in the clear after StartTLS')
    this.#letGo()
    return answer
  }

  /** @throws LdapError `invalid-filter` */
  async search(search: SearchRequest, limit: number, milliseconds: number): Promise<Found | Lost> {
    const entries: Entry[] = []
    const answer = await this.#ask('done', milliseconds, (id) => searchRequest(id, search), entries, limit)
    return answer.kind === 'lost'
      ? answer
      : { ...answer, kind: 'found', entries, isCut: entries.length > limit }
  }

  /** Says goodbye, and ends whatever still waits. */
  close(why: string): void {
    if (this.#end !== undefined) return
    if (this.#stream.writable) this.#stream.write(unbindRequest(this.#nextId()))
    this.#finish(lost('dropped', why))
  }

  #ask(
    answer: Pending['answer'],
    milliseconds: number,
    encode: (id: number) => Uint8Array,
    entries: Entry[] = [],
    limit = 0,
  ): Promise<Answered | Lost> {
    if (this.#end !== undefined) return Promise.resolve(this.#end)
    if (this.#pending.size >= this.#bounds.waiting)
      return Promise.resolve(lost('crowded', `${this.#pending.size} questions wait already`))
    const id = this.#nextId()
    const octets = encode(id)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#giveUp(id, milliseconds), Math.max(1, milliseconds))
      const settle: Pending['settle'] = (outcome) => {
        clearTimeout(timer)
        this.#pending.delete(id)
        this.#held.delete(id)
        this.#sendHeld()
        resolve(outcome)
      }
      this.#pending.set(id, { answer, settle, entries, limit, octets: 0 })
      this.#held.set(id, octets)
      this.#sendHeld()
    })
  }

  #sendHeld(): void {
    for (const [id, octets] of this.#held) {
      if (this.#end !== undefined || this.#pending.size - this.#held.size >= SENT) return
      this.#held.delete(id)
      this.#send(octets)
    }
  }

  /** What is asked in one turn goes out together: answers to many logins come in one piece, and so do their next questions. */
  #send(octets: Uint8Array): void {
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#stream.cork()
      process.nextTick(() => {
        this.#isCorked = false
        this.#stream.uncork()
      })
    }
    this.#stream.write(octets)
  }

  #giveUp(id: number, milliseconds: number): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) return
    if (this.#held.has(id)) {
      pending.settle(lost('crowded', `${SENT} questions before it were not answered in time`))
      return
    }
    pending.settle(lost('deadline', `no answer within ${Math.round(milliseconds)} ms`))
    if (pending.answer !== 'done' || this.#abandoned.size >= ABANDONED) this.close('it does not answer')
    else this.#abandon(id)
  }

  #abandon(id: number): void {
    this.#abandoned.add(id)
    this.#send(abandonRequest(this.#nextId(), id))
  }

  readonly #take = (chunk: Uint8Array): void => {
    try {
      for (const octets of this.#framer.push(chunk)) {
        this.#hear(readResponse(octets), octets.length)
        if (this.#end !== undefined) return
      }
    } catch (error) {
      if (!(error instanceof LdapError)) throw error
      this.#finish(lost('nonsense', `the server sent what is no LDAP message: ${error.message}`))
    }
  }

  #hear(response: LdapResponse, octets: number): void {
    this.heardAt = performance.now()
    const pending = this.#pending.get(response.id)
    if (pending === undefined) {
      this.#hearUnasked(response, octets)
      return
    }
    if (response.kind === 'entry' || response.kind === 'reference') {
      if (pending.answer !== 'done') {
        this.#confused(response)
        return
      }
      this.#keep(response, pending, octets)
      return
    }
    if (response.kind !== pending.answer) {
      this.#confused(response)
      return
    }
    const { result } = response
    const cookie = response.kind === 'done' ? response.cookie : undefined
    pending.settle({ kind: 'answered', result, ...(cookie === undefined ? {} : { cookie }) })
  }

  #keep(
    part: Extract<LdapResponse, { kind: 'entry' | 'reference' }>,
    pending: Pending,
    octets: number,
  ): void {
    pending.octets += octets
    if (part.kind === 'entry') pending.entries.push(part.entry)
    if (pending.octets > this.#bounds.searchOctets) {
      pending.settle(lost('nonsense', `more than ${this.#bounds.searchOctets} octets for one search`))
      this.#finish(lost('nonsense', 'the server sends more than was asked for'))
      return
    }
    // One more than the limit is enough to know that there are too many.
    if (pending.entries.length <= pending.limit) return
    pending.settle({ kind: 'answered', result: { code: 0, message: '' } })
    this.#abandon(part.id)
  }

  #hearUnasked(response: LdapResponse, octets: number): void {
    if (response.id === 0 && response.kind === 'extended' && response.name === OID.noticeOfDisconnection) {
      const said = response.result.message
      this.#finish(lost('dropped', `the server ended the connection${said === '' ? '' : `: ${said}`}`))
      return
    }
    if (!this.#abandoned.has(response.id)) {
      this.#confused(response)
      return
    }
    if (response.kind === 'done') this.#abandoned.delete(response.id)
    this.#abandonedOctets += octets
    if (this.#abandonedOctets > ABANDONED_OCTETS)
      this.#finish(lost('nonsense', 'the server goes on with searches that were given up'))
  }

  /** One entry that is too long says nothing of the server: whoever may write to it wrote too much. Once for a question. */
  #passOver(id: number, octets: number): void {
    const pending = this.#pending.get(id)
    const why = `a message of ${octets} octets; ${this.#bounds.messageOctets} are taken`
    if (pending?.answer !== 'done') throw new LdapError('too-large', why)
    this.heardAt = performance.now()
    pending.settle(lost('too-large', `the server sent ${why}`))
    this.#abandon(id)
  }

  #confused(response: LdapResponse): void {
    const what = `an answer (${response.kind}) to message ${response.id}, which asked no such thing`
    this.#finish(lost('nonsense', `the server sent ${what}`))
  }

  readonly #failed = (error: Error): void => {
    this.#finish(lost('dropped', `the connection broke: ${error.message}`))
  }

  readonly #dropped = (): void => {
    this.#finish(lost('dropped', 'the server closed the connection'))
  }

  #finish(why: Lost): void {
    if (this.#end !== undefined) return
    this.#end = why
    // An error may still come from what is on its way out, and nobody else listens.
    this.#stream.on('error', () => undefined)
    this.#letGo()
    this.#stream.destroy()
    for (const pending of [...this.#pending.values()]) pending.settle(why)
    this.#abandoned.clear()
    this.ended?.(why)
  }

  #letGo(): void {
    this.#stream.off('data', this.#take)
    this.#stream.off('error', this.#failed)
    this.#stream.off('end', this.#dropped)
    this.#stream.off('close', this.#dropped)
  }

  #nextId(): number {
    this.#id = this.#id >= MAX_ID ? 1 : this.#id + 1
    return this.#id
  }
}
