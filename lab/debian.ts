/**
 * Brings the Debian packages the real counterparts come in, without letting their daemons start: invoke-rc.d asks
 * policy-rc.d, which answers 101 ("forbidden") while we install.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Package -> a program it brings, and what we use it for. */
export const COUNTERPARTS = {
  'freeradius-utils': { program: '/usr/bin/radclient', use: 'radclient, the RADIUS client of FreeRADIUS' },
  eapoltest: { program: '/usr/bin/eapol_test', use: 'eapol_test, the supplicant of hostapd' },
  'python3-pyrad': {
    program: '/usr/lib/python3/dist-packages/pyrad/client.py',
    use: 'pyrad, a Python RADIUS client',
  },
  postgresql: { program: '/usr/bin/pg_createcluster', use: 'PostgreSQL' },
  openssl: { program: '/usr/bin/openssl', use: 'OpenSSL command line' },
  wrk: { program: '/usr/bin/wrk', use: 'wrk, load over HTTP for the benchmark' },
  strace: { program: '/usr/bin/strace', use: 'strace, to see fsync before send' },
  'zbar-tools': { program: '/usr/bin/zbarimg', use: 'ZBar, which reads QR codes' },
  chromium: { program: '/usr/bin/chromium', use: 'Chromium, a browser' },
  faketime: { program: '/usr/bin/faketime', use: 'faketime, for a device whose clock is wrong' },
  tshark: { program: '/usr/bin/tshark', use: 'tshark, an independent RADIUS decoder' },
  freeradius: { program: '/usr/sbin/freeradius', use: 'FreeRADIUS, the peer of the benchmark' },
  'freeradius-ldap': {
    program: '/usr/lib/freeradius/rlm_ldap.so',
    use: 'LDAP of FreeRADIUS, for the benchmark',
  },
  'freeradius-postgresql': {
    program: '/usr/lib/freeradius/rlm_sql_postgresql.so',
    use: 'accounting of FreeRADIUS in PostgreSQL',
  },
  hostapd: { program: '/usr/sbin/hostapd', use: 'hostapd, a switch port with 802.1X' },
  wpasupplicant: { program: '/sbin/wpa_supplicant', use: 'wpa_supplicant, the supplicant of Linux' },
  iproute2: { program: '/usr/sbin/ip', use: 'network namespaces' },
  nftables: { program: '/usr/sbin/nft', use: 'nft, the packet filter of Linux' },
  'iputils-ping': { program: '/usr/bin/ping', use: 'ping, to see which network is reachable' },
  'strongswan-charon': { program: '/usr/lib/ipsec/charon', use: 'strongSwan, an IKEv2 gateway and client' },
  'strongswan-swanctl': { program: '/usr/sbin/swanctl', use: 'the command of strongSwan' },
  'libcharon-extra-plugins': {
    program: '/usr/lib/ipsec/plugins/libstrongswan-eap-radius.so',
    use: 'eap-radius of strongSwan',
  },
  'libcharon-extauth-plugins': {
    program: '/usr/lib/ipsec/plugins/libstrongswan-eap-mschapv2.so',
    use: 'eap-mschapv2 of strongSwan',
  },
  'libstrongswan-standard-plugins': {
    program: '/usr/lib/ipsec/plugins/libstrongswan-openssl.so',
    use: 'OpenSSL for strongSwan',
  },
  'libstrongswan-extra-plugins': {
    program: '/usr/lib/ipsec/plugins/libstrongswan-gcrypt.so',
    use: 'more ciphers for strongSwan',
  },
  'samba-ad-dc': { program: '/usr/sbin/samba', use: 'Samba, an Active Directory domain controller' },
  'samba-ad-provision': {
    program: '/usr/share/samba/setup/provision.ldif',
    use: 'what an Active Directory domain is made from',
  },
  'samba-common-bin': {
    program: '/usr/bin/samba-tool',
    use: 'samba-tool and net, to make and join a domain',
  },
  'python3-samba': {
    program: '/usr/lib/python3/dist-packages/samba/provision/__init__.py',
    use: 'the Python of samba-tool',
  },
  winbind: { program: '/usr/bin/ntlm_auth', use: 'winbind of Samba, which checks MS-CHAPv2' },
  'krb5-user': { program: '/usr/bin/kinit', use: 'Kerberos client' },
  slapd: { program: '/usr/sbin/slapd', use: 'OpenLDAP, an LDAP directory' },
  'ldap-utils': { program: '/usr/bin/ldapsearch', use: 'LDAP clients of OpenLDAP' },
  'libauthen-tacacsplus-perl': {
    program: '/var/lib/dpkg/info/libauthen-tacacsplus-perl.list',
    use: 'Authen::TacacsPlus, a TACACS+ client',
  },
  scep: { program: '/usr/bin/scepclient', use: 'scepclient of micromdm, a SCEP client' },
  'strongswan-pki': { program: '/usr/bin/pki', use: 'pki of strongSwan, an EST and SCEP client' },
  certmonger: { program: '/usr/sbin/certmonger', use: 'certmonger, which tracks and renews certificates' },
  'dbus-daemon': { program: '/usr/bin/dbus-daemon', use: 'a private bus for certmonger' },
  dehydrated: { program: '/usr/bin/dehydrated', use: 'dehydrated, an ACME client' },
  'python3-cbor2': {
    program: '/usr/lib/python3/dist-packages/cbor2/__init__.py',
    use: 'CBOR of Python, for attestations of devices',
  },
  swtpm: { program: '/usr/bin/swtpm', use: 'swtpm, a TPM in software' },
  'tpm2-tools': { program: '/usr/bin/tpm2_create', use: 'tpm2-tools, commands for a TPM' },
  'python3-aiosmtpd': {
    program: '/usr/lib/python3/dist-packages/aiosmtpd/__init__.py',
    use: 'aiosmtpd, an SMTP server',
  },
  'acme-tiny': { program: '/usr/bin/acme-tiny', use: 'acme-tiny, an ACME client' },
  certbot: { program: '/usr/bin/certbot', use: 'certbot, an ACME client' },
  lego: { program: '/usr/bin/lego', use: 'lego, an ACME client' },
  pebble: {
    program: '/usr/bin/pebble',
    use: "pebble, Let's Encrypt's ACME server for tests, and its DNS server",
  },
  'python3-cryptography': {
    program: '/usr/lib/python3/dist-packages/cryptography/__init__.py',
    use: 'keys and requests of a Python load of EST',
  },
  'python3-acme': {
    program: '/usr/lib/python3/dist-packages/acme/__init__.py',
    use: 'acme, the ACME library of certbot',
  },
  curl: { program: '/usr/bin/curl', use: 'curl, an HTTP client' },
  softhsm2: { program: '/usr/bin/softhsm2-util', use: 'SoftHSM, a PKCS#11 token' },
  opensc: { program: '/usr/bin/pkcs11-tool', use: 'pkcs11-tool, which looks into a PKCS#11 token' },
  'gnutls-bin': { program: '/usr/bin/ocsptool', use: 'ocsptool and certtool of GnuTLS' },
  'libxml2-utils': { program: '/usr/bin/xmllint', use: 'xmllint, which judges XML by its schema' },
  'python3-lxml': {
    program: '/usr/lib/python3/dist-packages/lxml/__init__.py',
    use: 'lxml, an XML parser for Python',
  },
  'python3-asn1crypto': {
    program: '/usr/lib/python3/dist-packages/asn1crypto/__init__.py',
    use: 'asn1crypto, an ASN.1 parser for Python',
  },
  'python3-pyasn1-modules': {
    program: '/usr/lib/python3/dist-packages/pyasn1_modules/__init__.py',
    use: 'pyasn1-modules, another ASN.1 parser for Python',
  },
  'libplist-utils': { program: '/usr/bin/plistutil', use: 'plistutil, a reader of property lists' },
  'network-manager': { program: '/usr/sbin/NetworkManager', use: 'NetworkManager, which reads keyfiles' },
  shellcheck: { program: '/usr/bin/shellcheck', use: 'shellcheck, which judges shell scripts' },
  systemd: { program: '/usr/bin/busctl', use: 'busctl, which asks NetworkManager what it read' },
  gcc: {
    program: '/usr/bin/cc',
    use: 'C compiler, for EAP-PEAP of strongSwan and the load of the benchmark',
  },
  'libc6-dev': { program: '/usr/include/stdio.h', use: 'C library, for what gcc makes' },
  bzip2: { program: '/usr/bin/bzip2', use: 'bzip2, for the source of strongSwan' },
} as const

export type Counterpart = keyof typeof COUNTERPARTS

const BENCH_ALONE: readonly Counterpart[] = [
  ...(['freeradius-ldap', 'freeradius-postgresql', 'wrk'] as const),
]
const OF_TESTS = (Object.keys(COUNTERPARTS) as Counterpart[]).filter((name) => !BENCH_ALONE.includes(name))

/** Without `wanted`: what the tests use. */
export function missingCounterparts(wanted: readonly Counterpart[] = OF_TESTS): Counterpart[] {
  return wanted.filter((name) => !existsSync(COUNTERPARTS[name].program))
}

/** Why packages cannot be installed here; undefined where they can. */
export function installObstacle(): string | undefined {
  if (!existsSync('/usr/bin/apt-get')) return 'this is not a Debian system'
  if (process.getuid?.() !== 0) return 'installing Debian packages needs root'
  return undefined
}

/** For tests: false where all of them are here, else why the test is skipped. @throws Error instead, in CI. */
export function skipReason(...wanted: Counterpart[]): string | false {
  const missing = missingCounterparts(wanted)
  if (missing.length === 0) return false
  const reason = `missing Debian packages: ${missing.join(' ')}`
  if (process.env.CI) throw new Error(reason)
  return reason
}

/** Installs what is missing. Returns what is still missing afterwards. */
export function bringCounterparts(wanted?: readonly Counterpart[]): Counterpart[] {
  const missing = missingCounterparts(wanted)
  if (missing.length === 0 || installObstacle() !== undefined) return missing
  console.log(`installing Debian packages: ${missing.join(' ')}`)
  withoutDaemons(() => {
    aptGet('update')
    aptGet('install', '--yes', '--no-install-recommends', ...missing)
  })
  return missingCounterparts(wanted)
}

function aptGet(...args: string[]): void {
  const { status, stderr } = spawnSync('apt-get', ['-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0)
    console.error(`apt-get ${args[0]} failed (${status}): ${stderr.trim().split('\n').slice(-3).join(' | ')}`)
}

const POLICY = '/usr/sbin/policy-rc.d'
/** The units these packages would enable for the next boot; they would take ports and interfaces. */
const UNITS = [
  'certbot.timer',
  'certmonger.service',
  'freeradius.service',
  'hostapd.service',
  'NetworkManager.service',
  'NetworkManager-dispatcher.service',
  'NetworkManager-wait-online.service',
  'nmbd.service',
  'postgresql.service',
  'samba-ad-dc.service',
  'slapd.service',
  'smbd.service',
  'strongswan-starter.service',
  'winbind.service',
  'wpa_supplicant.service',
]

function withoutDaemons(install: () => void): void {
  const ours = !existsSync(POLICY)
  const present = UNITS.filter(isUnitKnown)
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    if (ours) rmSync(POLICY)
    const added = UNITS.filter((unit) => !present.includes(unit) && isUnitKnown(unit))
    if (added.length > 0) spawnSync('systemctl', ['disable', ...added], { stdio: 'ignore' })
  }
}

function isUnitKnown(unit: string): boolean {
  // slapd of Debian has only the older kind of script, which systemd takes for a unit of that name.
  const script = unit.replace(/\.(service|timer)$/, '')
  return existsSync(`/lib/systemd/system/${unit}`) || existsSync(`/etc/init.d/${script}`)
}
