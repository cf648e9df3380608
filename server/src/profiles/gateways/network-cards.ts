import type { GatewayConfiguration } from '../../config/schema.ts'

/** The two cards of a Linux gateway and which DNS each uses, with the command that shows it. */
export function linuxCards({ outside, inside }: GatewayConfiguration): readonly string[] {
  const named = (card: typeof outside, what: string) =>
    `${what}: ${card.interface ?? 'name of the card'}${card.address === undefined ? '' : `, ${card.address}`}`
  const dns = (card: typeof outside) => (card.dns.length === 0 ? 'none' : card.dns.join(', '))
  return [
    `${named(outside, 'Outside')}. It alone has a default route. DNS: ${dns(outside)}.`,
    `${named(inside, 'Inside')}. Routes to the networks inside, no default route. DNS: ${dns(inside)}; the gateway itself asks here.`,
    'See: `ip -brief address`, `ip route show default` (one line, outside), `resolvectl status` or `cat /etc/resolv.conf`.',
  ]
}
