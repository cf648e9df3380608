/** radclient of FreeRADIUS: a RADIUS client that is not ours. */
import { runToEnd } from './process.ts'

export interface RadclientRequest {
  readonly command: 'auth' | 'acct' | 'status' | 'coa' | 'disconnect'
  readonly port: number
  readonly secret: string
  /** `Name = value`, as radclient reads them; `Message-Authenticator = 0x00` has one computed. */
  readonly attributes: readonly string[]
  /** Address of the server; default 127.0.0.1. */
  readonly host?: string
  /** Program and arguments before radclient: `ip netns exec NAME`. */
  readonly prefix?: readonly string[]
  /** Source address: which RADIUS client it is. */
  readonly from?: string
  /** How long it waits; it asks once. Default 5. */
  readonly seconds?: number
}

export interface RadclientReply {
  /** `Access-Accept` ...; undefined: silence. */
  readonly code: string | undefined
  /** Lines `Name = value`, in the order of the packet. */
  readonly attributes: readonly string[]
  readonly output: string
}

export const MESSAGE_AUTHENTICATOR = 'Message-Authenticator = 0x00'

export async function radclient(request: RadclientRequest): Promise<RadclientReply> {
  const { command, port, secret, attributes, from, host = '127.0.0.1', prefix = [], seconds = 5 } = request
  const isIpv6 = host.includes(':')
  const source = from === undefined ? [] : [`Packet-Src-IP${isIpv6 ? 'v6' : ''}-Address = ${from}`]
  const input = [...attributes, ...source].join('\n')
  const options = ['-x', '-r', '1', '-t', String(seconds)]
  const server = isIpv6 ? `[${host}]:${port}` : `${host}:${port}`
  const [program = 'radclient', ...args] = [...prefix, 'radclient', ...options, server, command, secret]
  const { output, stdout } = await runToEnd(program, args, { input: `${input}\n` })
  // Its complaints go to the other output, and would fall between two lines of a long packet.
  const lines = stdout.split('\n')
  const start = lines.findIndex((line) => line.startsWith('Received '))
  const rest = start < 0 ? [] : lines.slice(start + 1)
  const end = rest.findIndex((line) => !line.startsWith('\t'))
  return {
    code: /^Received ([\w-]+) Id/.exec(lines[start] ?? '')?.[1],
    attributes: rest.slice(0, end < 0 ? undefined : end).map((line) => line.trim()),
    output,
  }
}
