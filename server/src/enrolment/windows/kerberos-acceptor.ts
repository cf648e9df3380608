import { spawn } from 'node:child_process'
import { isKerberosToken } from '@sallyport/pki/windows'
import type { KerberosConfiguration } from '../../config/sections/enrolment/windows.ts'
import { SeenTokens } from './seen-tokens.ts'

export type KerberosAnswer =
  /** `DOMAIN\name`; `token` answers the client, in base64. */
  | { readonly kind: 'proved'; readonly account: string; readonly token: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unavailable'; readonly why: string }

/** Nothing of the server's own environment goes to a child, but where Kerberos has its settings. */
const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  ...(process.env.KRB5_CONFIG !== undefined && { KRB5_CONFIG: process.env.KRB5_CONFIG }),
}
/** A ticket with the groups of a busy account takes 48 KiB at most (MaxTokenSize of Windows), in base64 64. */
const LONGEST_TOKEN = 65_536
const LONGEST_ANSWER = 131_072
const LONGEST_COMPLAINT = 300

/**
 * Kerberos by HTTP Negotiate (RFC 4559), through ntlm_auth of Samba, which holds the keys of this host and reads the account
 * from the ticket's PAC. One process for each ticket, because one that broke off would answer the next. NTLM is refused
 * before and by ntlm_auth: it can be relayed (ESC8), and a certificate outlives what was relayed.
 */
export class KerberosAcceptor {
  readonly #settings: KerberosConfiguration
  readonly #seen: SeenTokens
  #running = 0

  constructor(settings: KerberosConfiguration, monotonic: () => number) {
    this.#settings = settings
    this.#seen = new SeenTokens(monotonic)
  }

  /** @param header `Negotiate YII...` */
  async accept(header: string): Promise<KerberosAnswer> {
    const text = /^Negotiate +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1]
    if (text === undefined || text.length > LONGEST_TOKEN) return refused('the header is no Negotiate token')
    const token = Buffer.from(text, 'base64')
    if (!isKerberosToken(token)) return refused('the token is not one of Kerberos; NTLM is not taken')
    if (this.#running >= this.#settings.atOnce)
      return { kind: 'unavailable', why: 'too many tickets are looked at already' }
    if (!this.#seen.isNew(token)) return refused('the token was shown before')
    this.#running++
    try {
      const answer = answerOf(await this.#ask(token.toString('base64')))
      if (answer.kind !== 'proved') this.#seen.forget(token)
      return answer
    } finally {
      this.#running--
    }
  }

  /** The first line ntlm_auth says, or why there is none. */
  #ask(token: string): Promise<string> {
    const { program, deadlineMilliseconds } = this.#settings
    return new Promise((resolve) => {
      const child = spawn(program, argumentsOf(this.#settings), {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: ENVIRONMENT,
        cwd: '/',
      })
      let heard = ''
      let complaint = ''
      let isDone = false
      /** What ntlm_auth complained of last. */
      const said = (): string => complaint.trim().split('\n').at(-1) ?? ''
      const done = (line: string): void => {
        if (isDone) return
        isDone = true
        clearTimeout(timer)
        child.stdin.destroy()
        child.kill('SIGKILL')
        resolve(line)
      }
      const timer = setTimeout(
        () => done(`! ntlm_auth did not answer within ${deadlineMilliseconds} ms`),
        deadlineMilliseconds,
      )
      child.stdin.on('error', () => undefined)
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        heard += text
        const end = heard.indexOf('\n')
        // A refusal may be that of keys it cannot read: only its complaint tells.
        if (end >= 0) done(`${heard.slice(0, end)}${heard.startsWith('NA') ? ` ${said()}`.trimEnd() : ''}`)
        else if (heard.length > LONGEST_ANSWER) done('! ntlm_auth says more than an answer')
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint = (complaint + text).slice(-LONGEST_COMPLAINT)
      })
      child.on('error', (error) => done(`! ${error.message}`))
      child.on('close', (code, signal) => {
        done(`! ntlm_auth ended (${signal ?? code}) ${said()}`.trimEnd())
      })
      child.stdin.write(`YR ${token}\n`)
    })
  }
}

function argumentsOf({ configurationFile, keytab }: KerberosConfiguration): string[] {
  return [
    '--helper-protocol=gss-spnego',
    '--option=gensec:ntlmssp=no',
    ...(configurationFile === undefined ? [] : [`--configfile=${configurationFile}`]),
    ...(keytab === undefined
      ? []
      : ['--option=kerberos method=dedicated keytab', `--option=dedicated keytab file=${keytab}`]),
  ]
}

/**
 * `AF token DOMAIN\name`: proved. `TT token`: it wants another round, which Kerberos never needs. `NA * why`: refused.
 * `BH why`, or nothing: nobody knows.
 */
function answerOf(line: string): KerberosAnswer {
  const proved = /^AF ([A-Za-z0-9+/=*]+) (.{1,512})$/.exec(line)
  if (proved !== null) {
    const [, token = '', account = ''] = proved
    return { kind: 'proved', account, token: token === '*' ? '' : token }
  }
  if (line.startsWith('NA')) return refused(line.replace(/^NA \*? ?/, '') || 'the ticket is not good')
  if (line.startsWith('TT')) return refused('the ticket needs a second round, which Kerberos does not')
  return { kind: 'unavailable', why: line.replace(/^(! |BH ?)/, '').slice(0, LONGEST_COMPLAINT) }
}

function refused(why: string): KerberosAnswer {
  return { kind: 'refused', why }
}
