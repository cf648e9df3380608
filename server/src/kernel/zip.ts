import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** ASCII letters, digits, `-`, `_` and `.` alone. */
  readonly name: string
  readonly content: Uint8Array
}

/** 1980-01-01: the oldest there is, so that the same files make the same octets. */
const DATE = (1 << 5) | 1
const VERSION = 20

/** A ZIP archive (APPNOTE 6.3.3) of a few small files, not compressed: every system opens it. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const title = Buffer.from(name, 'latin1')
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(title.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, title, Buffer.from(content))
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(offset, 10)
    const madeBy = Buffer.from([VERSION, 0])
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, entry, title)
    offset += 4 + common.length + title.length + content.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
