/** pebble, the ACME server of Let's Encrypt for tests: another opinion on what a client may say. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AcmeServer } from './acme-clients.ts'
import { issue, makeCa } from './certificates.ts'
import { freeTcpPort } from './free-port.ts'
import { start } from './process.ts'

export interface PebbleOptions {
  readonly folder: string
  /** Where it validates http-01. */
  readonly challengePort: number
  readonly dnsPort: number
  /** Before its command line: `taskset -c 0`. */
  readonly prefix?: readonly string[]
}

export interface Pebble extends AcmeServer, AsyncDisposable {
  readonly pid: number
}

/** Told not to sleep, not to refuse good nonces and not to reuse proofs. */
export async function startPebble({
  folder,
  challengePort,
  dnsPort,
  prefix = [],
}: PebbleOptions): Promise<Pebble> {
  mkdirSync(folder, { recursive: true })
  const ca = makeCa(folder, 'pebble')
  const names = { subjectAltName: 'DNS:localhost', extendedKeyUsage: 'serverAuth' }
  const tls = issue(ca, 'localhost', { commonName: 'localhost', ...names })
  const port = await freeTcpPort()
  const pebble = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${await freeTcpPort()}` },
    ...{
      certificate: tls.certificate,
      privateKey: tls.key,
      httpPort: challengePort,
      tlsPort: await freeTcpPort(),
    },
    ...{ ocspResponderURL: '', externalAccountBindingRequired: false },
  }
  const config = join(folder, 'config.json')
  writeFileSync(config, JSON.stringify({ pebble }))
  const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' }
  const line = [...prefix, 'pebble', '-config', config, '-dnsserver', `127.0.0.1:${dnsPort}`]
  const [program = 'pebble', ...args] = line
  const running = start(program, args, { env })
  await running.waitFor(/ACME directory available|Listening on/)
  return {
    directory: `https://localhost:${port}/dir`,
    root: ca.certificate,
    pid: running.pid,
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
