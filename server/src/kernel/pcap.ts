import { isIPv6 } from 'node:net'

/** One UDP datagram on its way. */
export interface PcapDatagram {
  /** Milliseconds since the epoch, with a fraction. */
  readonly at: number
  readonly from: PcapEnd
  readonly to: PcapEnd
  readonly octets: Uint8Array
}

export interface PcapEnd {
  /** IPv4 or IPv6 in text form, both ends of the same kind. */
  readonly address: string
  readonly port: number
}

/** Link type 101: packets begin with their IP header. */
const RAW_IP = 101
const UDP = 17
const [FILE_HEADER, RECORD_HEADER, IP4_HEADER, IP6_HEADER, UDP_HEADER] = [24, 16, 20, 40, 8]
const MOST_OCTETS = 65_535

/** The head of a capture file of libpcap, little-endian, with microseconds. */
export function pcapHeader(): Uint8Array {
  const header = Buffer.alloc(FILE_HEADER)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(MOST_OCTETS, 16)
  header.writeUInt32LE(RAW_IP, 20)
  return header
}

/** One record. IP and UDP headers are made anew from the addresses: whoever has a socket never sees the real ones. */
export function pcapRecord({ at, from, to, octets }: PcapDatagram): Uint8Array {
  const isSix = isIPv6(from.address) || isIPv6(to.address)
  const udpLength = UDP_HEADER + octets.length
  const ipLength = (isSix ? IP6_HEADER : IP4_HEADER) + udpLength
  const record = Buffer.alloc(RECORD_HEADER + ipLength)
  const microseconds = Math.round(at * 1000)
  record.writeUInt32LE(Math.floor(microseconds / 1_000_000), 0)
  record.writeUInt32LE(microseconds % 1_000_000, 4)
  record.writeUInt32LE(ipLength, 8)
  record.writeUInt32LE(ipLength, 12)
  const packet = record.subarray(RECORD_HEADER)
  const addresses = Buffer.concat([addressOctets(from.address, isSix), addressOctets(to.address, isSix)])
  const udp = isSix ? writeIp6(packet, addresses, udpLength) : writeIp4(packet, addresses, ipLength)
  udp.writeUInt16BE(from.port, 0)
  udp.writeUInt16BE(to.port, 2)
  udp.writeUInt16BE(udpLength, 4)
  udp.set(octets, UDP_HEADER)
  // The pseudo-header (RFC 768, RFC 8200 section 8.1): a checksum of zero would mean that there is none.
  const pseudo = Buffer.concat([addresses, Buffer.from([0, UDP, udpLength >> 8, udpLength & 0xff])])
  udp.writeUInt16BE(checksum(Buffer.concat([pseudo, udp])) || 0xffff, 6)
  return record
}

/** How many records a capture file holds. */
export function countRecords(file: Buffer): number {
  let count = 0
  for (let at = FILE_HEADER; at + RECORD_HEADER <= file.length; count++) {
    at += RECORD_HEADER + file.readUInt32LE(at + 8)
  }
  return count
}

/** RFC 791 section 3.1. Gives back where UDP begins. */
function writeIp4(packet: Buffer, addresses: Buffer, length: number): Buffer {
  packet[0] = 0x45
  packet.writeUInt16BE(length, 2)
  packet[8] = 64
  packet[9] = UDP
  packet.set(addresses, 12)
  packet.writeUInt16BE(checksum(packet.subarray(0, IP4_HEADER)), 10)
  return packet.subarray(IP4_HEADER)
}

/** RFC 8200 section 3. */
function writeIp6(packet: Buffer, addresses: Buffer, payload: number): Buffer {
  packet[0] = 0x60
  packet.writeUInt16BE(payload, 4)
  packet[6] = UDP
  packet[7] = 64
  packet.set(addresses, 8)
  return packet.subarray(IP6_HEADER)
}

/** RFC 1071: the one's complement of the one's complement sum. */
function checksum(octets: Buffer): number {
  let sum = 0
  for (let at = 0; at < octets.length; at += 2) sum += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

function addressOctets(address: string, isSix: boolean): Buffer {
  if (!isSix) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0')
  const octets = Buffer.alloc(16)
  for (const [index, group] of [...before, ...zeros, ...after].entries()) {
    octets.writeUInt16BE(Number.parseInt(group, 16), 2 * index)
  }
  return octets
}
