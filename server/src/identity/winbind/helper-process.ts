import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { encodeQuestion, type Field, FrameReader, unknownRequest } from './helper-protocol.ts'

export interface HelperCommand {
  readonly program: string
  readonly args: readonly string[]
}

/** The lines of an answer; or none, and why. */
export type HelperAnswer =
  | { readonly kind: 'answer'; readonly lines: readonly string[] }
  | { readonly kind: 'unavailable'; readonly why: string }
  /** It was not asked: our own bound on what may wait. */
  | { readonly kind: 'crowded'; readonly why: string }

/** Nothing of the server's own environment goes to a child. */
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }
const LONGEST_COMPLAINT = 300

interface Asked {
  readonly mark: string
  readonly answered: (answer: HelperAnswer) => void
  /** The answer to our mark came: the next frame is the answer to the question. */
  isMarked: boolean
}

/**
 * One ntlm_auth process, one question at a time. Whatever it says out of turn ends it: an answer that cannot be told apart
 * from another question's must not be believed. It ends by itself when its input closes, so also when this process is
 * killed.
 */
export class HelperProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly #frames = new FrameReader()
  readonly #died: (helper: HelperProcess, why: string) => void
  #asked: Asked | undefined
  #complaint = ''
  #isAlive = true
  /** Answers it has given. */
  answers = 0

  /** @param died told once, after the question under way has been answered as unavailable */
  constructor(command: HelperCommand, died: (helper: HelperProcess, why: string) => void) {
    this.#died = died
    this.#child = spawn(command.program, [...command.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: ENVIRONMENT,
      cwd: '/',
    })
    const { stdin, stdout, stderr } = this.#child
    // A helper that ended already: `exit` tells.
    stdin.on('error', () => undefined)
    stdout.setEncoding('utf8').on('data', (text: string) => this.#heard(text))
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-LONGEST_COMPLAINT)
    })
    this.#child.on('error', (error) => this.#end(error.message))
    this.#child.on('close', (code, signal) => {
      const said = this.#complaint.trim().split('\n').at(-1) ?? ''
      this.#end(`ntlm_auth ended (${signal ?? code})${said === '' ? '' : `: ${said}`}`)
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get isBusy(): boolean {
    return this.#asked !== undefined
  }

  ask(fields: readonly Field[]): Promise<HelperAnswer> {
    const mark = `Sync-${randomBytes(8).toString('hex')}`
    const question = encodeQuestion(mark, fields)
    return new Promise((answered) => {
      this.#asked = { mark, answered, isMarked: false }
      this.#child.stdin.write(question)
    })
  }

  /** Ends it at once; the question under way is answered as unavailable. */
  kill(why: string): void {
    if (!this.#isAlive) return
    this.#child.kill('SIGKILL')
    this.#end(why)
  }

  #heard(text: string): void {
    if (!this.#isAlive) return
    const frames = this.#frames.push(text)
    if (frames === undefined) this.kill('ntlm_auth says more than an answer')
    for (const frame of frames ?? []) this.#take(frame)
  }

  #take(frame: readonly string[]): void {
    const asked = this.#asked
    // The second end of an answer before.
    if (frame.length === 0 && asked?.isMarked !== true) return
    if (asked === undefined) this.kill('ntlm_auth answered without a question')
    else if (!asked.isMarked) {
      if (frame.length === 1 && frame[0] === unknownRequest(asked.mark)) asked.isMarked = true
      else this.kill('ntlm_auth answered another question')
    } else if (frame.length === 0 || frame.some((line) => line.startsWith('Error: ')))
      this.kill(`ntlm_auth does not understand the question: ${frame[0] ?? 'no answer'}`)
    else {
      this.#asked = undefined
      this.answers++
      asked.answered({ kind: 'answer', lines: frame })
    }
  }

  #end(why: string): void {
    if (!this.#isAlive) return
    this.#isAlive = false
    const asked = this.#asked
    this.#asked = undefined
    this.#child.stdin.destroy()
    asked?.answered({ kind: 'unavailable', why })
    this.#died(this, why)
  }
}
