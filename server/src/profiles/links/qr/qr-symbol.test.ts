/** Every size is read back by ZBar. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { qrSvg } from './qr-svg.ts'
import { type QrSymbol, qrSymbol } from './qr-symbol.ts'

/** Portable bitmap, four dots a module, with the quiet zone. */
function bitmap(symbol: QrSymbol): string {
  const size = symbol.length + 8
  const line = (row: readonly boolean[]) => {
    const dots = [0, 0, 0, 0, ...row.map(Number), 0, 0, 0, 0].map((dot) => `${dot} ${dot} ${dot} ${dot}`)
    return `${dots.join(' ')}\n`.repeat(4)
  }
  const light = line(symbol.map(() => false)).repeat(4)
  return `P1\n${size * 4} ${size * 4}\n${light}${symbol.map(line).join('')}${light}`
}

test('ok/ZBar reads every length from 1 to 213 octets in steps, and text beyond ASCII', {
  skip: skipReason('zbar-tools'),
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'qr-'))
  try {
    const lengths = [1, 14, 15, 26, 42, 43, 62, 84, 85, 106, 122, 123, 152, 180, 181, 213]
    const texts = [
      ...lengths.map((length) =>
        'https://pki.example.org:8444/connect/'.padEnd(length, 'aB3_-x').slice(0, length),
      ),
      'https://пример.example/подключение',
    ]
    const files = texts.map((text, index) => {
      const file = join(folder, `${String(index).padStart(2, '0')}.pbm`)
      writeFileSync(file, bitmap(qrSymbol(text) ?? assert.fail(text)))
      return file
    })
    const read = execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', ...files])
    assert.deepEqual(read.toString().trimEnd().split('\n'), texts)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('fail/what is too long gets no picture', () => {
  assert.equal(qrSymbol('a'.repeat(214)), undefined)
  assert.equal(qrSvg('a'.repeat(214)), undefined)
})
