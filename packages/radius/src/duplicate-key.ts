import type { PacketView } from './packet-view.ts'

/**
 * What makes two datagrams the same request (RFC 5080 section 2.2.2): source address and port, code, identifier and
 * authenticator. A key for a Map; its text means nothing.
 */
export function duplicateKey(
  source: { readonly address: string; readonly port: number },
  packet: PacketView,
): string {
  const o = packet.octets
  const unit = (at: number): number => ((o[at] as number) << 8) | (o[at + 1] as number)
  const binary = String.fromCharCode(
    unit(0),
    unit(4),
    unit(6),
    unit(8),
    unit(10),
    unit(12),
    unit(14),
    unit(16),
    unit(18),
  )
  return `${source.address} ${source.port} ${binary}`
}
