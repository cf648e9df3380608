const NAS_IDENTIFIER = 32
const MOST_ATTRIBUTES = 64
const MOST_CHARACTERS = 64

/**
 * What a stranger calls itself, for an administrator who asks what this might be. Nothing about the packet is checked, so
 * nothing here may be believed: printable ASCII alone, and not much of it.
 */
export function nasIdentifierHint(datagram: Uint8Array): string | undefined {
  let at = 20
  for (let seen = 0; seen < MOST_ATTRIBUTES && at + 2 <= datagram.length; seen++) {
    const [type = 0, length = 0] = datagram.subarray(at, at + 2)
    if (length < 2 || at + length > datagram.length) return undefined
    if (type === NAS_IDENTIFIER) return printable(datagram.subarray(at + 2, at + length))
    at += length
  }
  return undefined
}

function printable(octets: Uint8Array): string | undefined {
  const characters = [...octets.subarray(0, MOST_CHARACTERS)].map((octet) =>
    octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '?',
  )
  const text = characters.join('').trim()
  return text === '' ? undefined : text
}
