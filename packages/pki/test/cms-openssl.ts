import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { encodePem } from '../src/pem.ts'
import type { Entity } from './pkits/forge.ts'

const folder = mkdtempSync(join(tmpdir(), 'cms-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let count = 0

/** A file of the test's folder with these octets. */
export function file(octets: Uint8Array | string): string {
  const path = join(folder, `file-${count++}`)
  writeFileSync(path, octets)
  return path
}

export function certificateFile(...entities: readonly Entity[]): string {
  return file(entities.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join(''))
}

export function keyFile(entity: Entity): string {
  return file(entity.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }))
}

/** Runs OpenSSL; `-out` is added. Throws with what it said where it fails. */
export function openssl(...options: readonly string[]): Buffer {
  const out = file('')
  const result = spawnSync('openssl', [...options, '-out', out], { encoding: 'utf8', timeout: 20_000 })
  if (result.status !== 0) throw new Error(`openssl ${options.join(' ')}: ${result.stderr}`)
  return readFileSync(out)
}
