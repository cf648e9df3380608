import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The process that holds a port, as far as this account may look. */
export interface PortHolder {
  readonly pid: number
  readonly command: string
}

const LISTENING = '0A'
const UNCONNECTED = '07'

/** Looks a taken port up in /proc (Linux); undefined where it cannot be told. */
export function portHolder(protocol: 'udp' | 'tcp', port: number): PortHolder | undefined {
  const inodes = new Set([protocol, `${protocol}6`].flatMap((table) => inodesOf(table, protocol, port)))
  if (inodes.size === 0) return undefined
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of entries(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${descriptor}`))?.[1]
      if (inode !== undefined && inodes.has(inode)) {
        return { pid: Number(pid), command: commandOf(pid) }
      }
    }
  }
  return undefined
}

/** /proc/net/udp: `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ...`. */
function inodesOf(table: string, protocol: 'udp' | 'tcp', port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return textOf(`/proc/net/${table}`)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${wanted}`) && state === stateOf(protocol))
    .map((fields) => fields[9] ?? '')
}

function stateOf(protocol: 'udp' | 'tcp'): string {
  return protocol === 'tcp' ? LISTENING : UNCONNECTED
}

/** The command line, cut where it gets long; kernel threads have a name alone. */
function commandOf(pid: string): string {
  const line = textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
  return (line === '' ? textOf(`/proc/${pid}/comm`).trim() : line).slice(0, 80)
}

/** What may not be looked at looks empty. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
