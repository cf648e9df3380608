import { ipOctets, ipText } from '@sallyport/pki'

export interface NetworkPrefix {
  readonly address: string
  readonly length: number
}

/** `10.1.2.3/8` is the network 10.0.0.0/8: Windows refuses a route whose address has bits of a host. */
export function networkPrefix(text: string): NetworkPrefix {
  const [address = '', length = ''] = text.split('/')
  const bits = Number(length)
  const octets = Uint8Array.from(ipOctets(address), (octet, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8))
    return octet & (0xff << (8 - kept))
  })
  return { address: ipText(octets), length: bits }
}

export function prefixText(text: string): string {
  const { address, length } = networkPrefix(text)
  return `${address}/${String(length)}`
}
