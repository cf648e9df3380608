/** A Samba Active Directory domain from nothing, wholly below one folder: nothing of the machine's own Samba is touched. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../process.ts'
import { until } from '../until.ts'

export const DOMAIN = 'ad.lab.test'
export const NETBIOS_NAME = 'LAB'
export const BASE_DN = 'DC=ad,DC=lab,DC=test'
export const CONTROLLER = `dc1.${DOMAIN}`
export const ADMINISTRATOR_PASSWORD = 'Adm1nistrator-Passw0rd'

export interface ProvisionOptions {
  /** An empty folder. */
  readonly folder: string
  /** Addresses of the controller; the first goes into its DNS. */
  readonly addresses: readonly string[]
  /** Files for LDAPS and StartTLS. Samba refuses a key that others may read. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string }
}

/**
 * `npm test` names a folder here that lives as long as the run: the first of its processes provisions, which takes
 * seconds, and the others copy.
 */
const SHARED = process.env.SALLYPORT_LAB_CACHE

/** @returns path of smb.conf */
export async function provision(options: ProvisionOptions): Promise<string> {
  const configuration = join(options.folder, 'etc/smb.conf')
  if (SHARED === undefined) await provisionAnew(options, configuration)
  else await provisionOrCopy(options, configuration, join(SHARED, `domain-${options.addresses[0]}`))
  // Provisioning adds to the file it is given; ours is whole, and says where the copy lies.
  writeFileSync(configuration, smbConfiguration(options))
  return configuration
}

async function provisionOrCopy(
  options: ProvisionOptions,
  configuration: string,
  model: string,
): Promise<void> {
  const lock = `${model}.lock`
  const isOurs = await until(
    'the domain another process provisions',
    () => (existsSync(model) ? false : createsFolder(lock) || undefined),
    60_000,
  )
  if (!isOurs) return await copy(model, options.folder)
  try {
    await provisionAnew(options, configuration)
    // Renamed when whole: who looks finds all of it or nothing.
    await copy(options.folder, `${model}.part`)
    renameSync(`${model}.part`, model)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

async function provisionAnew(options: ProvisionOptions, configuration: string): Promise<void> {
  for (const name of ['etc', ...FOLDERS]) mkdirSync(join(options.folder, name), { recursive: true })
  writeFileSync(configuration, smbConfiguration(options))
  const line = [
    ...['domain', 'provision', '-s', configuration, '--quiet', '--use-rfc2307'],
    ...[`--realm=${DOMAIN.toUpperCase()}`, `--domain=${NETBIOS_NAME}`, '--server-role=dc'],
    ...['--dns-backend=SAMBA_INTERNAL', '--host-name=dc1', `--host-ip=${options.addresses[0]}`],
    `--adminpass=${ADMINISTRATOR_PASSWORD}`,
  ]
  const { code, output } = await runToEnd('samba-tool', line, { milliseconds: 120_000 })
  if (code !== 0) throw new Error(`samba-tool domain provision failed (${code}):\n${output}`)
}

/** Also with extended attributes, which hold the access lists of sysvol. */
async function copy(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true })
  const { code, output } = await runToEnd('cp', ['-a', `${from}/.`, to])
  if (code !== 0) throw new Error(output)
}

function createsFolder(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch {
    return false
  }
}

const FOLDERS = ['private', 'lock', 'state', 'cache', 'run', 'ncalrpc', 'bind-dns', 'winbindd', 'log']

function smbConfiguration({ folder, addresses, tls }: ProvisionOptions): string {
  return `[global]
  netbios name = DC1
  realm = ${DOMAIN.toUpperCase()}
  workgroup = ${NETBIOS_NAME}
  server role = active directory domain controller
  interfaces = lo ${addresses.join(' ')}
  bind interfaces only = yes
  private dir = ${folder}/private
  lock directory = ${folder}/lock
  state directory = ${folder}/state
  cache directory = ${folder}/cache
  pid directory = ${folder}/run
  ncalrpc dir = ${folder}/ncalrpc
  binddns dir = ${folder}/bind-dns
  winbindd socket directory = ${folder}/winbindd
  log level = 1 auth_audit:3
  max log size = 0
  load printers = no
  printcap name = /dev/null
  disable spoolss = yes
  prefork children = 1
  prefork children : ldap = 2
  # s3fs lets members join; ntp_signd wants a folder of the machine.
  server services = s3fs, rpc, nbt, wrepl, ldap, cldap, kdc, drepl, winbindd, kcc, dnsupdate, dns
  tls enabled = yes
  tls keyfile = ${tls.key}
  tls certfile = ${tls.certificate}
  tls cafile = ${tls.ca}
  ldap server require strong auth = yes
  # Without this word a domain controller refuses MS-CHAPv2 with the right password.
  ntlm auth = mschapv2-and-ntlmv2-only
  idmap_ldb:use rfc2307 = yes
[sysvol]
  path = ${folder}/state/sysvol
  read only = No
[netlogon]
  path = ${folder}/state/sysvol/${DOMAIN}/scripts
  read only = No
`
}
