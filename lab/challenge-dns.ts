/** pebble-challtestsrv, a DNS server a test writes records into: every name is 127.0.0.1 until it says otherwise. */
import { writeFileSync } from 'node:fs'
import { freeTcpPort, freeUdpPort } from './free-port.ts'
import { type Running, start } from './process.ts'

export class ChallengeDns implements AsyncDisposable {
  readonly port: number
  readonly #management: number
  readonly #process: Running

  private constructor(port: number, management: number, process: Running) {
    this.port = port
    this.#management = management
    this.#process = process
  }

  static async start(): Promise<ChallengeDns> {
    const port = await freeUdpPort()
    const management = await freeTcpPort()
    const off = ['http01', 'https01', 'tlsalpn01'].flatMap((name) => [`-${name}`, ''])
    const process = start('pebble-challtestsrv', [
      ...off,
      ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', `127.0.0.1:${port}`],
      ...['-management', `127.0.0.1:${management}`],
    ])
    await process.waitFor(/management/i)
    const dns = new ChallengeDns(port, management, process)
    await dns.#ready()
    return dns
  }

  /** A program for `lego --dns exec` (present, cleanup) and for hooks of dehydrated (deploy_challenge, clean_challenge). */
  writeHook(file: string): string {
    const address = `http://127.0.0.1:${this.#management}`
    writeFileSync(
      file,
      [
        '#!/bin/sh',
        `say() { curl -sS --noproxy '*' -d "$2" "${address}/$1" > /dev/null; }`,
        'case "$1" in',
        '  present) say set-txt "{\\"host\\":\\"$2\\",\\"value\\":\\"$3\\"}" ;;',
        '  cleanup) say clear-txt "{\\"host\\":\\"$2\\"}" ;;',
        '  deploy_challenge) say set-txt "{\\"host\\":\\"_acme-challenge.$2.\\",\\"value\\":\\"$4\\"}" ;;',
        '  clean_challenge) say clear-txt "{\\"host\\":\\"_acme-challenge.$2.\\"}" ;;',
        'esac',
        '',
      ].join('\n'),
      { mode: 0o755 },
    )
    return file
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop()
  }

  async #ready(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      try {
        await fetch(`http://127.0.0.1:${this.#management}/clear-txt`, {
          method: 'POST',
          body: '{"host":"ready.test."}',
        })
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    }
    throw new Error(`pebble-challtestsrv does not answer:\n${this.#process.output()}`)
  }
}
