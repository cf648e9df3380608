/** The LDAP command line of OpenLDAP: an LDAP client that is not ours. */
import { runToEnd } from './process.ts'

export interface LdapClient {
  /** `ldapi://%2Ftmp%2Fsocket` or `ldaps://host` */
  readonly url: string
  /** Before the command: `ip netns exec NAME`. */
  readonly prefix?: readonly string[]
  /** Absent: without a name. */
  readonly bindDn?: string
  readonly password?: string
  /** File of the CA of the server; absent: nobody's certificate is looked at. */
  readonly authority?: string
}

export interface LdapAnswer {
  /** LDAP result code; 255 and the like where there was none. */
  readonly code: number | null
  readonly output: string
}

/** Changes in LDIF; without `changetype` an entry is added. Throws with what the server complained about. */
export async function modify(client: LdapClient, ldif: string): Promise<void> {
  const { code, output } = await run(client, 'ldapmodify', ['-a'], ldif)
  if (code !== 0) throw new Error(`ldapmodify (${code}): ${output.trim()}`)
}

/** Whether the server takes name and password, as its result code. Samba knows no "who am I", so it reads the root entry. */
export async function tryBind(client: LdapClient): Promise<LdapAnswer> {
  return await run(client, 'ldapsearch', ['-LLL', '-s', 'base', '-b', '', '1.1'])
}

/** LDIF without comments and line ends within values. */
export async function search(client: LdapClient, base: string, ...words: readonly string[]): Promise<string> {
  const { code, output } = await run(client, 'ldapsearch', [
    '-LLL',
    '-o',
    'ldif-wrap=no',
    '-b',
    base,
    ...words,
  ])
  if (code !== 0) throw new Error(`ldapsearch (${code}): ${output.trim()}`)
  return output
}

export function ldapi(path: string): string {
  return `ldapi://${encodeURIComponent(path)}`
}

async function run(
  { url, prefix = [], bindDn, password, authority }: LdapClient,
  program: string,
  words: readonly string[],
  input = '',
): Promise<LdapAnswer> {
  const who = bindDn === undefined ? [] : ['-D', bindDn, '-w', password ?? '']
  const [command = program, ...args] = [...prefix, program, '-x', '-H', url, ...who, ...words]
  const trust =
    authority === undefined
      ? { LDAPTLS_REQCERT: 'never' }
      : { LDAPTLS_REQCERT: 'demand', LDAPTLS_CACERT: authority }
  const { code, output } = await runToEnd(command, args, { env: { ...process.env, ...trust }, input })
  return { code, output }
}
