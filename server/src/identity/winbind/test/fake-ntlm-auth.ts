/**
 * Speaks as ntlm_auth does, and misbehaves where the user's name says so. Run as a program: the first argument `dies` ends it
 * at once with a complaint.
 */
import { createInterface } from 'node:readline'

const WRONG =
  'When trying to update a password, this return status indicates that the value provided as the current password is not correct.'
const DENIED =
  '{Access Denied} A process has requested access to an object but has not been granted those access rights.'

function out(text: string): void {
  process.stdout.write(text)
}

function no(why: string): void {
  out(`Authenticated: No\nAuthentication-Error: ${why}\n.\n.\n`)
}

/** What the fake calls the session key of a user: the name itself, so that answers can be told apart. */
export function keyOfUser(name: string): string {
  return Buffer.from(name.padEnd(16, '.')).subarray(0, 16).toString('hex').toUpperCase()
}

function yes(name: string): void {
  out(`Authenticated: Yes\nUser-Session-Key: ${keyOfUser(name)}\n.\n`)
}

const BEHAVIOUR: Readonly<Record<string, (name: string) => unknown>> = {
  wrong: () => no(WRONG),
  denied: () => no(DENIED),
  unheard: () => no('Words nobody has heard before.'),
  silent: () => out('Authenticated: No\n.\n'),
  keyless: () => out('Authenticated: Yes\n.\n'),
  hang: () => new Promise<never>(() => undefined),
  crash: () => process.exit(3),
  twice: (name) => {
    yes(name)
    yes(name)
  },
  endless: () => out('x'.repeat(100_000)),
  /** As without winbindd; only a probe gets an answer. */
  unready: () => no('Reading winbind reply failed!'),
  'sallyport:probe': () => no('The specified account does not exist.'),
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === 'dies') {
    process.stderr.write('no such option\n')
    process.exit(1)
  }
  let name = ''
  for await (const line of createInterface({ input: process.stdin })) {
    const [, key = '', isBase64, value = ''] = /^([^:]*)(::?) (.*)$/.exec(line) ?? []
    if (line === '.') await (BEHAVIOUR[name.replace(/-.*/, '')] ?? yes)(name)
    else if (/^username$/i.test(key))
      name = isBase64 === '::' ? Buffer.from(value, 'base64').toString() : value
    else if (key.startsWith('Sync-')) out(`Error: Unknown request ${key}\n.\n`)
  }
}
