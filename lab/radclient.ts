/** radclient of FreeRADIUS: a RADIUS client that is not ours. */
import { runToEnd } from './process.ts'

export interface RadclientRequest {
  readonly command: 'auth' | 'acct' | 'status'
  readonly port: number
  readonly secret: string
  /** `Name = value`, as radclient reads them; `Message-Authenticator = 0x00` has one computed. */
  readonly attributes: readonly string[]
  /** Source address on the loopback network: which RADIUS client it is. */
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
  const { command, port, secret, attributes, from, seconds = 5 } = request
  const input = [...attributes, ...(from === undefined ? [] : [`Packet-Src-IP-Address = ${from}`])].join('\n')
  const args = ['-x', '-r', '1', '-t', String(seconds), `127.0.0.1:${port}`, command, secret]
  const { output } = await runToEnd('radclient', args, { input: `${input}\n` })
  const lines = output.split('\n')
  const start = lines.findIndex((line) => line.startsWith('Received '))
  const rest = start < 0 ? [] : lines.slice(start + 1)
  const end = rest.findIndex((line) => !line.startsWith('\t'))
  return {
    code: /^Received ([\w-]+) Id/.exec(lines[start] ?? '')?.[1],
    attributes: rest.slice(0, end < 0 ? undefined : end).map((line) => line.trim()),
    output,
  }
}
