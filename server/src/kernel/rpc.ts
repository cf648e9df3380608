import type { MessagePort } from 'node:worker_threads'
import { type ErrorImage, imageOf, reviveError } from './error-image.ts'
import { BugError, UpstreamError } from './errors.ts'

/**
 * Calls between threads. One side *exposes* an object whose methods are async; the other side *proxies* it, fully typed,
 * and listens for the events it emits. Arguments and results are structured-cloneable data; errors keep their class, code
 * and values. Everything one turn of the event loop produces travels as one message.
 */

/** The methods of T that can be called from another thread. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => Promise<unknown> ? K : never]: T[K]
}

export interface Exposed<Events> {
  /** One way, in order, without an answer. */
  emit<E extends keyof Events & string>(event: E, value: Events[E]): void
  close(): void
}

export interface Proxied<T, Events> {
  readonly remote: Remote<T>
  /** Returns the function that stops listening. */
  on<E extends keyof Events & string>(event: E, listener: (value: Events[E]) => void): () => void
  /** Rejects the pending calls with UpstreamError 'port-closed'. */
  close(): void
}

type Call = readonly [kind: 'call', id: number, method: string, args: readonly unknown[]]
type Answer =
  | readonly [kind: 'done', id: number, value: unknown]
  | readonly [kind: 'failed', id: number, error: ErrorImage]
type Event = readonly [kind: 'event', name: string, value: unknown]

// biome-ignore lint/complexity/noBannedTypes: no events is the usual case
export function expose<T extends object, Events = {}>(port: MessagePort, service: T): Exposed<Events> {
  const outbox = new Outbox<Answer | Event>(port)
  port.on('message', (calls: readonly Call[]) => {
    for (const [, id, method, args] of calls) {
      void answer(service, id, method, args).then((message) =>
        outbox.put(message, (error) => outbox.put(['failed', id, imageOf(error)])),
      )
    }
  })
  return {
    emit: (event, value) => outbox.put(['event', event, value]),
    close: () => port.close(),
  }
}

// biome-ignore lint/complexity/noBannedTypes: no events is the usual case
export function proxy<T extends object, Events = {}>(port: MessagePort): Proxied<T, Events> {
  const outbox = new Outbox<Call>(port)
  const pending = new Map<number, PromiseWithResolvers<unknown>>()
  const listeners = new Map<string, Set<(value: never) => void>>()
  let lastId = 0
  let closed = false

  port.on('message', (messages: readonly (Answer | Event)[]) => {
    for (const message of messages) {
      if (message[0] === 'event') {
        // The name tells which type its value has.
        for (const listener of listeners.get(message[1]) ?? []) listener(message[2] as never)
        continue
      }
      const call = pending.get(message[1])
      pending.delete(message[1])
      if (message[0] === 'done') call?.resolve(message[2])
      else call?.reject(reviveError(message[2]))
    }
  })
  port.on('close', () => {
    closed = true
    for (const call of pending.values()) call.reject(portClosed())
    pending.clear()
  })

  const call = (method: string, args: readonly unknown[]): Promise<unknown> => {
    if (closed) return Promise.reject(portClosed())
    const id = ++lastId
    const waiting = Promise.withResolvers<unknown>()
    pending.set(id, waiting)
    outbox.put(['call', id, method, args], (error) => {
      pending.delete(id)
      waiting.reject(error)
    })
    return waiting.promise
  }
  const remote = new Proxy(Object.create(null) as object, {
    get: (_, method) =>
      // A promise resolved with the proxy asks for `then`; it must not become a call.
      typeof method === 'string' && method !== 'then'
        ? (...args: unknown[]) => call(method, args)
        : undefined,
  })
  return {
    // The other side exposes T under these very names.
    remote: remote as Remote<T>,
    on(event, listener) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(listener))
      return () => set.delete(listener)
    },
    close: () => port.close(),
  }
}

async function answer(
  service: object,
  id: number,
  method: string,
  args: readonly unknown[],
): Promise<Answer> {
  try {
    const candidate: unknown = method in Object.prototype ? undefined : Reflect.get(service, method)
    if (typeof candidate !== 'function') {
      throw new BugError('no-such-method', `There is no method ${method} to call.`, { method })
    }
    return ['done', id, await Reflect.apply(candidate, service, args)]
  } catch (error) {
    return ['failed', id, imageOf(error)]
  }
}

function portClosed(): UpstreamError {
  return new UpstreamError('port-closed', 'The other thread is gone.')
}

/** Sends what the running turn of the event loop puts in as one message. */
class Outbox<Message> {
  readonly #port: MessagePort
  #waiting: { readonly message: Message; readonly refused: (error: BugError) => void }[] = []

  constructor(port: MessagePort) {
    this.#port = port
  }

  /** @param refused Told where the message cannot be cloned; without it, that is thrown as an uncaught BugError. */
  put(message: Message, refused: (error: BugError) => void = rethrow): void {
    if (this.#waiting.push({ message, refused }) === 1) queueMicrotask(() => this.#flush())
  }

  #flush(): void {
    const batch = this.#waiting
    this.#waiting = []
    try {
      this.#port.postMessage(batch.map(({ message }) => message))
    } catch {
      // One of them cannot be cloned: find it, and let the others pass.
      for (const { message, refused } of batch) this.#sendAlone(message, refused)
    }
  }

  #sendAlone(message: Message, refused: (error: BugError) => void): void {
    try {
      this.#port.postMessage([message])
    } catch (cause) {
      refused(new BugError('not-cloneable', 'Only structured-cloneable data crosses threads.', {}, cause))
    }
  }
}

function rethrow(error: BugError): never {
  throw error
}
