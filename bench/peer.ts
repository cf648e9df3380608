/** FreeRADIUS under test, pinned to the server's core. */
import { join } from 'node:path'
import { type FreeRadius, type FreeRadiusOptions, startFreeRadius } from '../lab/freeradius.ts'
import { freeRadiusUser, SECRET } from './account.ts'
import { SERVER_CORE } from './cores.ts'

export interface PeerOptions extends Pick<FreeRadiusOptions, 'tls' | 'postgres' | 'checks'> {
  readonly folder: string
  /** Between `taskset` and its own command line. */
  readonly prefix?: readonly string[]
}

export async function startPeer({
  folder,
  prefix = [],
  ...rest
}: PeerOptions): Promise<FreeRadius & AsyncDisposable> {
  const server = await startFreeRadius({
    ...rest,
    folder: join(folder, 'freeradius'),
    secret: SECRET,
    users: [freeRadiusUser()],
    prefix: [...SERVER_CORE, ...prefix],
  })
  return { ...server, [Symbol.asyncDispose]: () => server.process.stop() }
}
