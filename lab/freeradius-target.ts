/** A FreeRADIUS that others log in at: the peer of `sallyport test`, and a server requests are passed on to. */
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freeUdpPort } from './free-port.ts'
import { FREERADIUS } from './freeradius.ts'
import { type Running, start } from './process.ts'

export interface FreeRadiusConfiguration {
  readonly folder: string
  readonly port: number
  /** FreeRADIUS wants a port for every virtual server, also for the one inside the tunnel. */
  readonly innerPort: number
  readonly secret: string
  readonly user: { readonly name: string; readonly password: string }
  /** Of the `users` file, besides that user. */
  readonly users?: readonly string[]
  /** Message-Authenticator in every reply; releases before 3.2.5 send it only with EAP. */
  readonly signsReplies?: boolean
  /** Accounting is written to a file, where there is a port for it. */
  readonly acctPort?: number
  /** Passes this realm on to another server instead of answering it. */
  readonly proxy?: { readonly realm: string; readonly port: number; readonly secret: string }
  /** Files, PEM. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string }
  /** Before the command line: `ip netns exec NAME`. */
  readonly prefix?: readonly string[]
}

/** A FreeRADIUS that knows one user and every method `sallyport test` can ask for; nothing of /etc but the dictionary. */
export function writeFreeRadiusConfiguration(options: FreeRadiusConfiguration): void {
  const { folder, user } = options
  for (const name of ['log', 'run']) mkdirSync(join(folder, name), { recursive: true })
  cpSync('/etc/freeradius/3.0/dictionary', join(folder, 'dictionary'))
  const line = `${user.name} Cleartext-Password := "${user.password}"\n  Reply-Message := "welcome"\n`
  writeFileSync(join(folder, 'users'), [...(options.users ?? []), line].join('\n'))
  writeFileSync(join(folder, 'radiusd.conf'), radiusdConf(options))
  chmodSync(folder, 0o755)
}

export interface FreeRadiusTarget extends AsyncDisposable {
  readonly process: Running
  readonly port: number
  readonly acctPort: number
  /** What accounting reported, one text for each record. */
  accounted(): readonly string[]
}

/** Starts one on free ports. */
export async function startFreeRadiusTarget(
  options: Omit<FreeRadiusConfiguration, 'port' | 'innerPort' | 'acctPort'> &
    Partial<Pick<FreeRadiusConfiguration, 'port' | 'acctPort'>>,
): Promise<FreeRadiusTarget> {
  const port = options.port ?? (await freeUdpPort())
  const acctPort = options.acctPort ?? (await freeUdpPort())
  mkdirSync(options.folder, { recursive: true })
  writeFreeRadiusConfiguration({ ...options, port, acctPort, innerPort: await freeUdpPort() })
  const line = [FREERADIUS, '-d', options.folder, '-n', 'radiusd', '-f', '-l', 'stdout']
  const [program = FREERADIUS, ...args] = [...(options.prefix ?? []), ...line]
  const process = start(program, args)
  try {
    await process.waitFor(/Ready to process requests/)
  } catch (error) {
    await process.stop()
    throw error
  }
  return {
    process,
    port,
    acctPort,
    accounted: () => accountedIn(join(options.folder, 'log')),
    [Symbol.asyncDispose]: () => process.stop(),
  }
}

/** The module `detail` writes records separated by an empty line. */
function accountedIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('detail'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n\n'))
    .filter((record) => record.trim() !== '')
}

function radiusdConf(options: FreeRadiusConfiguration): string {
  const { folder, port, innerPort, secret, tls, acctPort, proxy, signsReplies = false } = options
  return `
prefix = /usr
raddbdir = ${folder}
logdir = ${folder}/log
run_dir = ${folder}/run
libdir = /usr/lib/freeradius
pidfile = ${folder}/run/radiusd.pid
security {
  reject_delay = 0
  status_server = yes
}
${proxy === undefined ? 'proxy_requests = no' : homeServer(proxy)}
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
  }
  chap {
  }
  mschap {
    use_mppe = yes
  }
  files {
    filename = ${folder}/users
  }
  detail {
    filename = ${folder}/log/detail
  }
  ${proxy === undefined ? '' : 'realm suffix {\n    format = suffix\n    delimiter = "@"\n  }'}
  ${eap('eap', tls)}
  ${eap('eap_inner', tls)}
}
${server('default', { port, acctPort, proxies: proxy !== undefined, signsReplies }, 'eap')}
${server('inner', { port: innerPort, acctPort: undefined, proxies: false, signsReplies: false }, 'eap_inner')}
`
}

function eap(name: string, tls: FreeRadiusConfiguration['tls']): string {
  return `
  eap ${name === 'eap' ? '' : name} {
    default_eap_type = md5
    timer_expire = 60
    md5 {
    }
    gtc {
      auth_type = PAP
    }
    mschapv2 {
    }
    tls-config tls-common {
      private_key_file = ${tls.key}
      certificate_file = ${tls.certificate}
      ca_file = ${tls.ca}
      tls_min_version = "1.2"
      tls_max_version = "1.3"
      ecdh_curve = ""
      cache {
        enable = no
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
    ttls {
      tls = tls-common
      default_eap_type = md5
      virtual_server = inner
    }
  }`
}

function homeServer({ realm, port, secret }: { realm: string; port: number; secret: string }): string {
  return `proxy_requests = yes
proxy server {
}
home_server other {
  type = auth
  ipaddr = 127.0.0.1
  port = ${port}
  secret = ${secret}
  require_message_authenticator = yes
  status_check = status-server
}
home_server_pool others {
  home_server = other
}
realm ${realm} {
  auth_pool = others
  nostrip
}`
}

interface Listeners {
  readonly port: number
  readonly acctPort: number | undefined
  readonly proxies: boolean
  readonly signsReplies: boolean
}

function server(
  name: string,
  { port, acctPort, proxies, signsReplies }: Listeners,
  eapModule: string,
): string {
  const signed = signsReplies ? 'update reply {\n      Message-Authenticator := 0x00\n    }' : ''
  const accounting =
    acctPort === undefined
      ? ''
      : `listen {
    type = acct
    ipaddr = 127.0.0.1
    port = ${acctPort}
  }
  accounting {
    detail
  }`
  return `
server ${name} {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  ${accounting}
  authorize {
    Autz-Type Status-Server {
      ${signed}
      ok
    }
    ${proxies ? 'suffix' : ''}
    chap
    mschap
    files
    ${eapModule} {
      ok = return
    }
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type CHAP {
      chap
    }
    Auth-Type MS-CHAP {
      mschap
    }
    mschap
    ${eapModule}
  }
  post-auth {
    ${signed}
    Post-Auth-Type REJECT {
      ${signed}
    }
  }
}`
}
