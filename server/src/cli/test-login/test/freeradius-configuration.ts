import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FreeRadiusConfiguration {
  readonly folder: string
  readonly port: number
  /** FreeRADIUS wants a port for every virtual server, also for the one inside the tunnel. */
  readonly innerPort: number
  readonly secret: string
  readonly user: { readonly name: string; readonly password: string }
  /** Files, PEM. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly ca: string }
}

/** A FreeRADIUS that knows one user and every method `sallyport test` can ask for; nothing of /etc but the dictionary. */
export function writeFreeRadiusConfiguration(options: FreeRadiusConfiguration): void {
  const { folder, user } = options
  for (const name of ['log', 'run']) mkdirSync(join(folder, name), { recursive: true })
  cpSync('/etc/freeradius/3.0/dictionary', join(folder, 'dictionary'))
  const line = `${user.name} Cleartext-Password := "${user.password}"\n  Reply-Message := "welcome"\n`
  writeFileSync(join(folder, 'users'), line)
  writeFileSync(join(folder, 'radiusd.conf'), radiusdConf(options))
  chmodSync(folder, 0o755)
}

function radiusdConf({ folder, port, innerPort, secret, tls }: FreeRadiusConfiguration): string {
  return `
prefix = /usr
raddbdir = ${folder}
logdir = ${folder}/log
run_dir = ${folder}/run
libdir = /usr/lib/freeradius
pidfile = ${folder}/run/radiusd.pid
security {
  reject_delay = 0
}
proxy_requests = no
client loopback {
  ipaddr = 127.0.0.1
  secret = ${secret}
  require_message_authenticator = yes
}
modules {
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
  ${eap('eap', tls)}
  ${eap('eap_inner', tls)}
}
${server('default', port, 'eap')}
${server('inner', innerPort, 'eap_inner')}
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

function server(name: string, port: number, eapModule: string): string {
  return `
server ${name} {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  authorize {
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
}`
}
