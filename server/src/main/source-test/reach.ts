import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import type { Steps } from './steps.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

/** To find a host, to connect to it, to encrypt, each. */
export const REACH_MILLISECONDS = 3000

/** The host's addresses, then a connection to its port; undefined: a step says why there is none. */
export async function reach(place: Place, steps: Steps): Promise<Socket | undefined> {
  return (await isFound(place, steps)) ? await connected(place, steps) : undefined
}

async function isFound({ host }: Place, steps: Steps): Promise<boolean> {
  if (isIP(host) !== 0) return true
  try {
    const addresses = await inTime(lookup(host, { all: true }), REACH_MILLISECONDS)
    if (addresses === undefined) {
      const cure = 'Check the name servers of this machine (/etc/resolv.conf).'
      steps.fail('dns', `no answer about ${host} within ${REACH_MILLISECONDS} ms`, cure)
      return false
    }
    steps.ok('dns', `${host} is ${addresses.map(({ address }) => address).join(', ')}`)
    return true
  } catch (error) {
    const cure = 'Check the name, and that this machine asks the name servers of the domain.'
    steps.fail('dns', `${host} is not known: ${codeOf(error)}`, cure)
    return false
  }
}

const TCP_CURES: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'Nothing listens there: check the port (LDAP 389, LDAPS 636, TACACS+ 49) and that the service runs.',
  EHOSTUNREACH: 'There is no route to it: check the address and the routing of this machine.',
  ENETUNREACH: 'There is no route to its network: check the address and the routing of this machine.',
}

function connected({ host, port }: Place, steps: Steps): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true })
    const finish = (result: Socket | undefined): void => {
      clearTimeout(timer)
      socket.off('connect', opened).off('error', failed)
      socket.on('error', () => undefined)
      if (result === undefined) socket.destroy()
      resolve(result)
    }
    const opened = (): void => {
      steps.ok('tcp', `port ${port} of ${socket.remoteAddress ?? host} takes connections`)
      finish(socket)
    }
    const failed = (error: Error): void => {
      const cure = TCP_CURES[codeOf(error)] ?? 'Check the address and the way to it.'
      steps.fail('tcp', `no connection to port ${port}: ${error.message}`, cure)
      finish(undefined)
    }
    const timer = setTimeout(() => {
      const cure = 'A firewall drops the packets, or the machine is off: check the way to it.'
      steps.fail('tcp', `no connection to port ${port} within ${REACH_MILLISECONDS} ms`, cure)
      finish(undefined)
    }, REACH_MILLISECONDS)
    socket.on('connect', opened).on('error', failed)
  })
}

export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code)
  return error instanceof Error ? error.message : String(error)
}

/** undefined: later than that. */
export async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), milliseconds)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
