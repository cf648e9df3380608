/** Capture files for tshark: libpcap format, raw IPv4 packets with UDP inside (link type 101). */
export interface CapturedDatagram {
  readonly octets: Uint8Array
  readonly from: number
  readonly to: number
}

const FILE_HEADER = Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')
const RECORD_HEADER = 16
const IP_HEADER = 20
const UDP_HEADER = 8

export function captureFile(datagrams: readonly CapturedDatagram[]): Buffer {
  const parts = datagrams.map(({ octets, from, to }, index) => {
    const length = IP_HEADER + UDP_HEADER + octets.length
    const head = Buffer.alloc(RECORD_HEADER + IP_HEADER + UDP_HEADER)
    head.writeUInt32LE(1_700_000_000 + index, 0)
    head.writeUInt32LE(length, 8)
    head.writeUInt32LE(length, 12)
    head.write('4500000000000000401100007f0000017f000001', RECORD_HEADER, 'hex')
    head.writeUInt16BE(length, RECORD_HEADER + 2)
    const udp = RECORD_HEADER + IP_HEADER
    head.writeUInt16BE(from, udp)
    head.writeUInt16BE(to, udp + 2)
    head.writeUInt16BE(UDP_HEADER + octets.length, udp + 4)
    return Buffer.concat([head, octets])
  })
  return Buffer.concat([FILE_HEADER, ...parts])
}
