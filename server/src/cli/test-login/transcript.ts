import { fromHex, toUtf8 } from '@sallyport/bytes'
import { builtInDictionary, codeName, describeAttributes } from '@sallyport/radius'
import type { Response } from '@sallyport/radius/node'
import { oneLine } from '../table.ts'
import type { Terminal } from '../terminal.ts'

/** Attributes that only carry the conversation: shown by what they carry. */
const CARRIERS: readonly string[] = ['EAP-Message', 'State', 'Message-Authenticator', 'Proxy-State']

/** Prints a conversation as it happens: `-> Access-Request ...`, `<- Access-Challenge ...`. */
export class Transcript {
  readonly #terminal: Terminal
  readonly #quiet: boolean

  constructor(terminal: Terminal, quiet: boolean) {
    this.#terminal = terminal
    this.#quiet = quiet
  }

  sent(what: string): void {
    this.#line(`${this.#terminal.paint('strong', '->')} Access-Request    ${oneLine(what)}`)
  }

  received(reply: Response, eap: string | undefined): void {
    const name = codeName(reply.packet.code).padEnd(17)
    const again = reply.attempts > 1 ? `, after ${reply.attempts} tries` : ''
    const time = this.#terminal.paint('faint', `(${reply.elapsedMs.toFixed(1)} ms${again})`)
    this.#line(`${this.#terminal.paint('strong', '<-')} ${name} ${oneLine(eap ?? '')} ${time}`)
  }

  /** What the last reply carries; secrets by name alone. */
  attributes(reply: Response): void {
    for (const line of attributeLines(reply)) this.#line(`     ${line}`)
  }

  /** What happens inside a tunnel. */
  note(text: string): void {
    this.#line(this.#terminal.paint('faint', `     ${oneLine(text)}`))
  }

  #line(text: string): void {
    if (!this.#quiet) this.#terminal.print(text)
  }
}

export function attributeLines(reply: Response): string[] {
  return describeAttributes(reply.packet, builtInDictionary)
    .filter(({ name }) => !CARRIERS.includes(name))
    .map((described) =>
      described.secret ? `${described.name} (secret)` : `${described.name} = ${readable(described.text)}`,
    )
}

/** Octets that are plain text (Class, MS-CHAP-Error) are easier to read as such. */
function readable(text: string): string {
  if (!/^0x(?:[0-9a-f]{2})+$/.test(text)) return oneLine(text)
  const decoded = toUtf8(fromHex(text.slice(2)))
  return decoded !== undefined && /^[\x20-\x7e]+$/.test(decoded) ? decoded : text
}
