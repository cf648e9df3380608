import { ago, type CheckLine, latest, ok, problem, warning } from './check-line.ts'
import type { GatewaySeen } from './seen.ts'

/** Whether it asks at all, from where, and what came of it. */
export function requestLines(seen: GatewaySeen): readonly CheckLine[] {
  return [...clientLine(seen), requestLine(seen), ...loginLine(seen), ...sourceLines(seen)]
}

function clientLine({ input: { client, gateway }, sharedWith }: GatewaySeen): CheckLine[] {
  if (!client.enabled) {
    return [
      problem(
        'client',
        `RADIUS client ${client.name} is disabled: it is answered with silence.`,
        `Set enabled: true for client ${client.name}.`,
      ),
    ]
  }
  if (sharedWith.length === 0) return [ok('client', `It asks as RADIUS client ${client.name}.`)]
  return [
    warning(
      'client',
      `It asks as RADIUS client ${client.name}, as ${sharedWith.join(', ')} does: what is said here may be of the other.`,
      `Give ${gateway.name} a client of its own: another address, another secret.`,
    ),
  ]
}

function requestLine({ sources, strangers, input, now }: GatewaySeen): CheckLine {
  const last = latest(sources.map(({ last_seen_at }) => last_seen_at))
  if (last > 0) return ok('request', `Last request ${ago(last, now)}.`)
  const stranger = strangers[0]
  if (stranger !== undefined) {
    return problem(
      'request',
      `No request of this client. ${stranger.address}, which is no client, asked ${ago(stranger.lastSeenAt, now)} as this gateway.`,
      `Make ${stranger.address} the address of client ${input.client.name}, or let the gateway ask from ${input.client.address}.`,
    )
  }
  const { authenticationPort, radiusServers } = input.gateway
  return problem(
    'request',
    'No request of it was ever seen with a right secret.',
    `Log in through it. If nothing comes: look at its RADIUS server (${radiusServers.join(', ')}, UDP ${String(authenticationPort)}), the route, and the packet filters between (gateways make writes the rules).`,
  )
}

function loginLine({ logins, now }: GatewaySeen): CheckLine[] {
  const [last] = logins
  if (last === undefined) return []
  if (last.outcome === 'accept') return [ok('login', `Last login ${ago(last.at, now)}: accepted.`)]
  const accepted = logins.find(({ outcome }) => outcome === 'accept')
  const text = `Last login ${ago(last.at, now)}: ${last.outcome === 'reject' ? 'rejected' : 'no answer'}. ${last.sentence}`
  // One person's wrong password is no fault of the gateway; nobody ever getting in may be.
  return accepted === undefined
    ? [
        warning(
          'login',
          `${text} None of the last ${String(logins.length)} was accepted.`,
          'sallyport log, then sallyport explain ID.',
        ),
      ]
    : [ok('login', `${text} The last accept was ${ago(accepted.at, now)}.`)]
}

function sourceLines({ sources, input }: GatewaySeen): CheckLine[] {
  if (sources.length === 0) return []
  const addresses = sources.map(({ address }) => address)
  const wanted = input.gateway.inside.address
  const text = `It asks from ${addresses.slice(0, 5).join(', ')}${addresses.length > 5 ? ` and ${String(addresses.length - 5)} more` : ''}.`
  if (wanted === undefined || addresses.every((address) => address === wanted)) return [ok('source', text)]
  return [
    warning(
      'source',
      `${text} Its inside address is ${wanted}.`,
      `Set the source address of RADIUS on the gateway to ${wanted}, or correct inside.address. CoA goes to where sessions came from.`,
    ),
  ]
}
