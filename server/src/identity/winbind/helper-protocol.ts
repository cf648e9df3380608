import { fromUtf8, toHex } from '@sallyport/bytes'

/**
 * The lines ntlm_auth of Samba speaks as `ntlm-server-1` and `ntlm-change-password-1`: a question is lines `Name: value`
 * and a line `.`; so is an answer. Text goes as `Name:: base64`, so that no name can hold a line of its own.
 */
export type Field = readonly [name: string, value: string | Uint8Array]

/** Room for a name inside Samba (fstring, with its NUL): a longer one would be cut, and be somebody else's. */
const LONGEST_TEXT = 255

/** Whether Samba takes the text as it is: C ends a text at NUL, and `alice\0x` would be alice. */
export function isAskable(text: string): boolean {
  return text.length > 0 && !text.includes('\0') && Buffer.byteLength(text) <= LONGEST_TEXT
}

/**
 * The octets of one question. `mark` stands before it as a request that ntlm_auth does not know: it answers that at once
 * with `unknownRequest(mark)`, which shows where the answer to this very question begins. That is needed, because after a
 * refusal ntlm_auth ends its answer twice, and a reader that takes the second end for an answer would give each
 * question the answer of the one before.
 * @throws RangeError on text that is not askable
 */
export function encodeQuestion(mark: string, fields: readonly Field[]): string {
  const lines = fields.map(([name, value]) => {
    if (typeof value !== 'string') return `${name}: ${toHex(value)}`
    if (!isAskable(value)) throw new RangeError(`${name} cannot be asked`)
    return `${name}:: ${Buffer.from(fromUtf8(value)).toString('base64')}`
  })
  return `${mark}: x\n${lines.join('\n')}\n.\n`
}

export function unknownRequest(mark: string): string {
  return `Error: Unknown request ${mark}`
}

/** More than any answer has; what goes on after it is nonsense. */
const LONGEST_FRAME = 16_384

/** Cuts what arrives into frames: the lines before each `.`. */
export class FrameReader {
  #rest = ''
  #lines: string[] = []
  #size = 0

  /** The frames that end in this piece; undefined where a frame grows beyond all answers. */
  push(text: string): string[][] | undefined {
    const frames: string[][] = []
    const parts = (this.#rest + text).split('\n')
    this.#rest = parts.pop() ?? ''
    for (const line of parts) {
      if (line === '.') {
        frames.push(this.#lines)
        this.#lines = []
        this.#size = 0
        continue
      }
      this.#lines.push(line)
      this.#size += line.length + 1
    }
    return this.#size + this.#rest.length > LONGEST_FRAME ? undefined : frames
  }
}

/** The value of `Name: value` in a frame. */
export function fieldOf(frame: readonly string[], name: string): string | undefined {
  const line = frame.find((each) => each.startsWith(`${name}: `))
  return line?.slice(name.length + 2)
}
