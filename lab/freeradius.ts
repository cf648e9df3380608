/** A private FreeRADIUS, the peer of the benchmark: one folder, free ports, nothing of /etc/freeradius used but the dictionary. */
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freeUdpPort } from './free-port.ts'
import { type Running, start } from './process.ts'

export interface FreeRadiusOptions {
  readonly folder: string
  readonly secret: string
  /** `users` file lines, e.g. `alice NT-Password := 0x...`. */
  readonly users: readonly string[]
  readonly tls?: {
    readonly certificate: string
    readonly key: string
    readonly ca: string
    /** A folder for TLS sessions, which supplicants may then resume; without one 3.2.1 resumes none. */
    readonly cache?: string
  }
  /** Accounting goes to this PostgreSQL; absent: accounting is not answered. */
  readonly postgres?: {
    /** Name, address, or the folder of the Unix socket. */
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }
  /** Who checks passwords instead of `users`: modules, and what stands in the sections. */
  readonly checks?: {
    readonly modules: string
    readonly authorize: string
    readonly authenticate: string
    /** Requests worked on side by side. */
    readonly threads: number
  }
  /** Prefix of the command line, e.g. `['taskset', '-c', '0']`. */
  readonly prefix?: readonly string[]
}

export interface FreeRadius {
  readonly process: Running
  readonly authPort: number
  readonly acctPort: number
}

export const FREERADIUS = '/usr/sbin/freeradius'

export async function startFreeRadius(options: FreeRadiusOptions): Promise<FreeRadius> {
  const [authPort, acctPort, innerPort] = [await freeUdpPort(), await freeUdpPort(), await freeUdpPort()]
  const { folder } = options
  for (const name of ['log', 'run', 'cache']) mkdirSync(join(folder, name), { recursive: true })
  const dictionary = '/etc/freeradius/3.0/dictionary'
  if (existsSync(dictionary)) cpSync(dictionary, join(folder, 'dictionary'))
  writeFileSync(join(folder, 'users'), `${options.users.join('\n')}\n`)
  writeFileSync(join(folder, 'radiusd.conf'), configuration(options, authPort, acctPort, innerPort))
  chmodSync(folder, 0o755)
  const [command = FREERADIUS, ...args] = [
    ...(options.prefix ?? []),
    FREERADIUS,
    '-d',
    folder,
    '-n',
    'radiusd',
  ]
  const process = start(command, [...args, '-f', '-l', 'stdout'])
  await process.waitFor(/Ready to process requests/)
  return { process, authPort, acctPort }
}

function configuration(
  options: FreeRadiusOptions,
  authPort: number,
  acctPort: number,
  innerPort: number,
): string {
  const { folder, secret, tls, postgres, checks } = options
  const threads = checks?.threads ?? 32
  return `
prefix = /usr
raddbdir = ${folder}
logdir = ${folder}/log
run_dir = ${folder}/run
libdir = /usr/lib/freeradius
pidfile = ${folder}/run/radiusd.pid
max_request_time = 30
cleanup_delay = 5
max_requests = 16384
hostname_lookups = no
log {
  destination = stdout
  auth = no
}
security {
  max_attributes = 200
  reject_delay = 0
  status_server = yes
  allow_core_dumps = no
}
proxy_requests = no
thread pool {
  start_servers = ${Math.min(8, threads)}
  max_servers = ${threads}
  min_spare_servers = 4
  max_spare_servers = 16
  max_requests_per_server = 0
  auto_limit_acct = no
}
client loopback {
  ipaddr = 127.0.0.1
  secret = ${secret}
  require_message_authenticator = yes
}
modules {
  always ok {
    rcode = ok
  }
  pap {
    normalise = yes
  }
  mschap {
    use_mppe = yes
    require_encryption = yes
    require_strong = yes
  }
  files {
    filename = ${folder}/users
  }
  ${tls === undefined ? '' : eapModules(tls)}
  ${postgres === undefined ? '' : sqlModule(postgres)}
  ${checks?.modules ?? ''}
}
${postgres === undefined ? '' : 'policy {\n  $INCLUDE /etc/freeradius/3.0/policy.d/accounting\n}'}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${authPort}
  }
  listen {
    type = acct
    ipaddr = 127.0.0.1
    port = ${acctPort}
  }
  authorize {
    ${tls === undefined ? '' : 'eap {\n      ok = return\n    }'}
    ${checks?.authorize ?? 'files\n    pap'}
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    ${checks?.authenticate ?? ''}
    ${tls === undefined ? '' : 'eap'}
  }
  post-auth {
    ok
  }
  preacct {
    ${postgres === undefined ? 'ok' : 'acct_unique'}
  }
  accounting {
    ${postgres === undefined ? 'ok' : 'sql'}
  }
}
${tls === undefined ? '' : innerServer(innerPort)}
`
}

function eapModules(tls: NonNullable<FreeRadiusOptions['tls']>): string {
  return `
  eap {
    default_eap_type = tls
    timer_expire = 60
    ignore_unknown_eap_types = no
    max_sessions = 16384
    tls-config tls-common {
      private_key_file = ${tls.key}
      certificate_file = ${tls.certificate}
      ca_file = ${tls.ca}
      tls_min_version = "1.2"
      tls_max_version = "1.3"
      ecdh_curve = ""
      cache {
        ${tls.cache === undefined ? 'enable = no' : `enable = yes\n        lifetime = 24\n        name = "lab"\n        persist_dir = ${tls.cache}`}
      }
    }
    tls {
      tls = tls-common
    }
    peap {
      tls = tls-common
      default_eap_type = mschapv2
      virtual_server = inner
    }
  }
  eap eap_inner {
    default_eap_type = mschapv2
    timer_expire = 60
    max_sessions = 16384
    mschapv2 {
    }
  }`
}

function innerServer(port: number): string {
  return `
server inner {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  authorize {
    eap_inner {
      ok = return
    }
    files
    mschap
  }
  authenticate {
    mschap
    eap_inner
  }
}`
}

/**
 * The stock queries of FreeRADIUS: one INSERT into radacct per Start, after one for each lookup its queries.conf asks for.
 * `expr` brings the md5 of the stock policy `acct_unique`, whose result is the unique key of radacct.
 */
function sqlModule(postgres: { host: string; port: number; user: string; database: string }): string {
  return `
  expr {
    safe_characters = "@abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_: /"
  }
  sql {
    driver = "rlm_sql_postgresql"
    dialect = "postgresql"
    server = "${postgres.host}"
    port = ${postgres.port}
    login = "${postgres.user}"
    password = ""
    radius_db = "${postgres.database}"
    acct_table1 = "radacct"
    acct_table2 = "radacct"
    postauth_table = "radpostauth"
    authcheck_table = "radcheck"
    groupcheck_table = "radgroupcheck"
    authreply_table = "radreply"
    groupreply_table = "radgroupreply"
    usergroup_table = "radusergroup"
    client_table = "nas"
    delete_stale_sessions = yes
    read_clients = no
    group_attribute = "SQL-Group"
    pool {
      start = 16
      min = 16
      max = 32
      spare = 8
      uses = 0
      lifetime = 0
      idle_timeout = 0
    }
    $INCLUDE /etc/freeradius/3.0/mods-config/sql/main/postgresql/queries.conf
  }`
}
