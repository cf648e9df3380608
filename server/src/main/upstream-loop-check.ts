import { networkInterfaces } from 'node:os'
import type { Problem } from '../config/problem.ts'
import type { Configuration } from '../config/schema.ts'

export interface OwnPorts {
  readonly authenticationPorts: readonly number[]
  readonly accountingPorts: readonly number[]
}

/** An upstream that is this server: each request would come back, and be refused as a loop then. */
export function checkUpstreamLoops(
  { upstreams }: Configuration,
  { authenticationPorts, accountingPorts }: OwnPorts,
  addresses: ReadonlySet<string> = ownAddresses(),
): readonly Problem[] {
  return upstreams.flatMap(({ name, host, authenticationPort, accountingPort }): Problem[] => {
    if (!addresses.has(host.toLowerCase())) return []
    const isOwn = authenticationPorts.includes(authenticationPort) || accountingPorts.includes(accountingPort)
    if (!isOwn) return []
    const message =
      'This server itself listens there: what is passed on would come back, and be refused as a loop.'
    return [{ path: `upstreams/${name}/host`, severity: 'warning', code: 'upstream-self', message }]
  })
}

function ownAddresses(): Set<string> {
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return new Set(['localhost', ...interfaces.map(({ address }) => address.toLowerCase())])
}
