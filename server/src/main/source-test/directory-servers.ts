import type { Socket } from 'node:net'
import { fromUtf8 } from '@sallyport/bytes'
import { RESULT, resultName } from '@sallyport/ldap'
import type { LdapSourceConfiguration } from '../../config/schema.ts'
import { bindData, bindDataText } from '../../identity/ldap/active-directory/bind-refusal.ts'
import { LdapConnection } from '../../identity/ldap/connection.ts'
import { cureFor } from '../../identity/ldap/refusals.ts'
import type { ServerAddress } from '../../identity/ldap/server-address.ts'
import { directoryTrust } from '../../identity/ldap/trust.ts'
import { encrypt } from './encrypt.ts'
import { REACH_MILLISECONDS, reach } from './reach.ts'
import { Steps } from './steps.ts'

/** A server that was reached, and a connection to it that the account that asks is bound on. */
export interface Reached {
  readonly address: ServerAddress
  readonly connection: LdapConnection
}

/** Who asks; undefined: without a name. */
export interface Asker {
  readonly dn: string
  readonly password: Uint8Array
}

/** Tries all servers at once, each step by step. */
export async function reachServers(
  settings: LdapSourceConfiguration,
  addresses: readonly ServerAddress[],
  asker: Asker | undefined,
  steps: Steps,
): Promise<readonly Reached[]> {
  const tried = await Promise.all(
    addresses.map(async (address) => {
      const own = new Steps(address.name)
      return { own, reached: await reachServer(settings, address, asker, own) }
    }),
  )
  for (const { own } of tried) steps.take(own)
  return tried.flatMap(({ reached }) => reached ?? [])
}

async function reachServer(
  settings: LdapSourceConfiguration,
  address: ServerAddress,
  asker: Asker | undefined,
  steps: Steps,
): Promise<Reached | undefined> {
  const socket = await reach(address, steps)
  if (socket === undefined) return undefined
  const connection = await protect(socket, settings, address, steps)
  if (connection === undefined) return undefined
  const isBound = await bind(connection, settings, asker, steps)
  if (isBound) return { address, connection }
  connection.close('the test is over')
  return undefined
}

async function protect(
  socket: Socket,
  settings: LdapSourceConfiguration,
  { host, protection }: ServerAddress,
  steps: Steps,
): Promise<LdapConnection | undefined> {
  if (protection === 'none') {
    const cure = 'Use ldaps:// or startTls: true: everybody on the way reads passwords.'
    steps.warn('tls', 'not encrypted (allowUnencrypted)', cure)
    return new LdapConnection(socket)
  }
  if (protection === 'starttls' && !(await startTls(socket, steps))) return undefined
  const trust = { secureContext: directoryTrust(settings.authorities), expected: settings.serverName ?? host }
  const encrypted = await encrypt(socket, trust, steps)
  return encrypted === undefined ? undefined : new LdapConnection(encrypted)
}

async function startTls(socket: Socket, steps: Steps): Promise<boolean> {
  const clear = new LdapConnection(socket)
  const answer = await clear.startTls(REACH_MILLISECONDS)
  if (answer.kind === 'answered' && answer.result.code === RESULT.success) {
    steps.ok('starttls', 'the server goes over to TLS')
    return true
  }
  if (answer.kind === 'lost') {
    steps.fail('starttls', answer.why, 'Is this an LDAP port (389)? For an LDAPS port (636) use ldaps://.')
  } else {
    const { code, message } = answer.result
    const cure = 'The server has no certificate for StartTLS: give it one, or use ldaps://.'
    steps.fail('starttls', `refused with ${resultName(code)} ${message}`.trim(), cure)
  }
  clear.close('StartTLS failed')
  socket.destroy()
  return false
}

async function bind(
  connection: LdapConnection,
  { bindMode, type }: LdapSourceConfiguration,
  asker: Asker | undefined,
  steps: Steps,
): Promise<boolean> {
  if (asker === undefined) {
    if (bindMode === 'simple') steps.skip('bindMode simple binds as the user, with the password', 'bind')
    else steps.ok('bind', 'none: questions are asked without a name (bindMode anonymous)')
    return true
  }
  const answer = await connection.bind(asker.dn, asker.password, REACH_MILLISECONDS)
  if (answer.kind === 'lost') {
    steps.fail('bind', answer.why, 'Is this an LDAP server, and the right port? 636 wants ldaps://.')
    return false
  }
  const { code, message } = answer.result
  const whose = bindMode === 'simple' ? 'the user' : 'the service account'
  if (code === RESULT.success) {
    steps.ok('bind', `as ${asker.dn} (${whose}, bindMode ${bindMode})`)
    return true
  }
  const data = bindData(message)
  const meaning = data === undefined ? message : `${bindDataText(data)} (${data})`
  const wrong =
    bindMode === 'simple'
      ? 'The password is wrong, or no user is where userDn says: check both.'
      : accountCure(type, data)
  const cure = code === RESULT.invalidCredentials ? wrong : cureFor(code)
  steps.fail(
    'bind',
    `${asker.dn} was refused with ${resultName(code)}${meaning === '' ? '' : `: ${meaning}`}`,
    cure,
  )
  return false
}

/** 52e and 525 hide which it was; the others are told to the right password alone. */
function accountCure(type: LdapSourceConfiguration['type'], data: string | undefined): string {
  if (data !== undefined && data !== '52e' && data !== '525')
    return 'Set the account right in Active Directory.'
  const forms =
    type === 'active-directory'
      ? ' Active Directory takes a DN (CN=svc,OU=Services,DC=example,DC=org), svc@example.org or EXAMPLE\\svc.'
      : ' It is a DN: cn=svc,ou=Services,dc=example,dc=org.'
  return `Check bindDn and bindPassword.${forms}`
}

export function askerOf(settings: LdapSourceConfiguration): Asker | undefined {
  const { bindMode, bindDn = '', bindPassword = '' } = settings
  return bindMode === 'regular' ? { dn: bindDn, password: fromUtf8(bindPassword) } : undefined
}
