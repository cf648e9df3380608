import { isIP } from 'node:net'
import type { GatewayInput } from '../gateway-input.ts'
import type { ProfileFile } from '../profile-output.ts'
import { type Opening, openingsOf } from './openings.ts'
import { objectName, plainLine } from './plain-line.ts'

/**
 * Rules for `nft -f`. They are put before those that are there: an accept of one table is worth nothing where another
 * table drops, so they go into the table that Debian's /etc/nftables.conf has.
 */
export function nftablesFile(input: GatewayInput, host: Opening['host']): ProfileFile {
  const { gateway } = input
  const openings = openingsOf(input).filter((one) => one.host === host)
  const interfaces = host === 'gateway' ? gateway : undefined
  const lines = [
    '#!/usr/sbin/nft -f',
    `# ${host === 'gateway' ? 'On the gateway' : 'On the Sallyport server'}: what ${plainLine(gateway.name)} needs.`,
    '# Check: nft -c -f FILE. Load once; a second time doubles the rules. To keep them, put them into /etc/nftables.conf.',
    'add table inet filter',
    'add chain inet filter input { type filter hook input priority filter; }',
    ...openings.flatMap((opening) => rulesOf(opening, interfaces?.[opening.card].interface, gateway.name)),
  ]
  return {
    name: `firewall-${host}.nft`,
    mediaType: 'text/plain',
    content: `${lines.join('\n')}\n`,
    holdsSecret: false,
  }
}

function rulesOf(opening: Opening, card: string | undefined, gateway: string): string[] {
  const { protocol, ports, from, why, insideIpsec } = opening
  const match = [
    ...(card === undefined ? [] : [`iifname "${card}"`]),
    ...(insideIpsec === true ? ['meta ipsec exists'] : []),
  ]
  const what =
    protocol === 'udp' || protocol === 'tcp'
      ? `${protocol} dport { ${ports.join(', ')} }`
      : `meta l4proto ${protocol}`
  const comment = `comment "sallyport ${objectName(gateway, 'gateway')}"`
  const sources = from.map(
    (address) => `${isIP(address.split('/')[0] ?? '') === 6 ? 'ip6' : 'ip'} saddr ${address}`,
  )
  const rules = (sources.length === 0 ? [undefined] : sources).map((source) =>
    [
      'insert rule inet filter input',
      ...match,
      ...(source === undefined ? [] : [source]),
      what,
      'accept',
      comment,
    ].join(' '),
  )
  const isOpen = opening.host === 'server' && sources.length === 0
  return [
    `# ${why}`,
    ...(isOpen
      ? ['# The client is a DNS name: put its addresses here instead of everybody (ip saddr ADDRESS).']
      : []),
    ...rules,
  ]
}
