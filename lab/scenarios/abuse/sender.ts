/** A socket at an address of its own that sends what it likes and keeps what it hears. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'

export interface Sender extends Disposable {
  readonly heard: Buffer[]
  readonly port: number
  /** Waits until the system has taken the datagram. */
  send(octets: Uint8Array, port: number): Promise<void>
  /** Sends, and resolves to the next datagram; undefined after `milliseconds` of silence. */
  ask(octets: Uint8Array, port: number, milliseconds?: number): Promise<Buffer | undefined>
}

export async function openSender(address: string): Promise<Sender> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
  const heard: Buffer[] = []
  let waiting: ((octets: Buffer) => void) | undefined
  socket.on('message', (octets) => {
    heard.push(octets)
    waiting?.(octets)
  })
  socket.bind(0, address)
  await once(socket, 'listening')
  const send: Sender['send'] = (octets, port) =>
    new Promise((resolve, reject) =>
      socket.send(octets, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error))),
    )
  return {
    heard,
    port: socket.address().port,
    send,
    async ask(octets, port, milliseconds = 3000) {
      const answer = new Promise<Buffer | undefined>((resolve) => {
        waiting = resolve
        setTimeout(resolve, milliseconds, undefined).unref()
      })
      await send(octets, port)
      return await answer.finally(() => {
        waiting = undefined
      })
    },
    [Symbol.dispose]: () => socket.close(),
  }
}

/** Lets the server breathe: a flood that fills its socket buffer loses datagrams nobody looked at. */
export async function pause(): Promise<void> {
  await turn()
}
