export interface TarFile {
  /** Path in the archive: at most 100 octets, ASCII. */
  readonly name: string
  readonly content: Uint8Array
}

const BLOCK = 512

/** An archive of small files in the format ustar (POSIX.1-1988); `modifiedAt`: milliseconds since the epoch. */
export function tarArchive(files: readonly TarFile[], modifiedAt: number): Buffer {
  const parts = files.flatMap(({ name, content }) => [
    header(name, content.length, modifiedAt),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function header(name: string, size: number, modifiedAt: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new TypeError(`${name} is too long a name for ustar`)
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0)
  block.write(octal(0o600, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(Math.floor(modifiedAt / 1000), 11), 136)
  // The checksum is counted with spaces in its own place.
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, octet) => total + octet, 0)
  block.write(`${octal(sum, 6)}\0 `, 148)
  return block
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}
