/** Where and with what the figures came to be. */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'

export function machine() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMegabytes: Math.round(totalmem() / 1e6),
    kernel: release(),
    /** Where the databases lie: a sync is worth what this makes of it. */
    fileSystem: `${firstLine('stat', '-f', '-c', '%T', tmpdir())} (${tmpdir()})`,
    /** Of the last 1, 5 and 15 minutes at the start: much more than 0 means that others were at work. */
    loadAverage: loadavg().map((value) => Number(value.toFixed(2))),
  }
}

export function versions(): Readonly<Record<string, string>> {
  return {
    sallyport: firstLine('git', 'describe', '--always', '--dirty', '--abbrev=12'),
    node: process.version,
    nodeOpenssl: process.versions.openssl ?? '',
    sqlite: process.versions.sqlite ?? '',
    freeradius: packageVersion('freeradius'),
    freeradiusOpenssl: packageVersion('libssl3'),
    postgresql: firstLine('psql', '--version'),
    eapolTest: packageVersion('eapoltest'),
  }
}

function packageVersion(name: string): string {
  return firstLine('dpkg-query', '-W', '-f', `\${Version}\n`, name)
}

function firstLine(command: string, ...args: string[]): string {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', cwd: import.meta.dirname })
  return status === 0 ? (stdout.split('\n')[0] ?? '') : 'unknown'
}
