import { encodePem } from '@sallyport/pki'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import type { SetupClient } from './setup-plan.ts'
import { base64Lines, curlValue, hereDocument } from './shell-text.ts'

/** The whole script: POSIX sh, with everything it writes inside. */
export function setupScript(input: ProfileInput, clients: readonly SetupClient[]): string {
  const { certificate } = input
  return [
    head(clients),
    FUNCTIONS,
    ...(clients.some(({ files }) => files.some(({ content }) => typeof content !== 'string'))
      ? [OCTETS]
      : []),
    ...(clients.some(({ password }) => password !== undefined) ? [PASSWORD] : []),
    ...(certificate?.kind === 'est' ? [estFunction(certificate)] : []),
    ...(certificate?.kind === 'pkcs12' && clients.some(({ splitsContainer }) => splitsContainer)
      ? [splitFunction(certificate)]
      : []),
    ...clients.flatMap((client) => [installFunction(client, certificate), undoFunction(client, certificate)]),
    choose(clients),
  ].join('\n')
}

function head(clients: readonly SetupClient[]): string {
  const names = clients.map(({ name }) => name).join(', ')
  const asks = clients.some(({ password }) => password !== undefined)
  const help = '#   --password-stdin   reads the password from standard input instead of asking for it\n'
  return `#!/bin/sh
# Sets a connection up on Linux. As root: sh FILE [OPTIONS]
#   --client NAME      ${names}; by default the first that is installed
${asks ? help : ''}#   --root DIR         writes below DIR and loads nothing
#   --undo             takes everything away again
set -eu
umask 077
root='' client='' undo=''${asks ? " from_stdin=''" : ''}
while [ $# -gt 0 ]; do
  case $1 in
    --client) client=\${2:?}; shift ;;
    --root) root=\${2:?}; shift ;;
${asks ? '    --password-stdin) from_stdin=yes ;;\n' : ''}    --undo) undo=yes ;;
    *) echo "Unknown: $1" >&2; exit 2 ;;
  esac
  shift
done
`
}

const FUNCTIONS = `die() {
  echo "$1" >&2
  exit 1
}

# Writes standard input to a file in one step; nobody but root reads it.
put() {
  mkdir -p "$root\${1%/*}"
  cat >"$root$1.new"
  mv -f "$root$1.new" "$root$1"
}

take_away() {
  for path in "$@"; do rm -f "$root$path"; done
}
`

const OCTETS = `# The same for base64.
put_octets() {
  base64 -d | put "$1"
}
`

const PASSWORD = `# Prints a password in hex, so that no character of it means anything to whoever reads the file.
password_hex() {
  if [ -n "$from_stdin" ]; then
    IFS= read -r password || [ -n "$password" ]
  else
    printf 'Password: ' >/dev/tty
    stty -echo </dev/tty
    IFS= read -r password </dev/tty || :
    stty echo </dev/tty
    echo >/dev/tty
  fi
  [ -n "$password" ] || die 'No password.'
  printf %s "$password" | od -An -v -tx1 | tr -d ' \\n'
}
`

/** RFC 7030 section 4.2.1, RFC 8951 section 3: the request in base64, the answer as certificates alone in CMS. */
function estFunction({
  url,
  template,
  userName,
  challenge,
  root,
}: Extract<ProfileCertificate, { kind: 'est' }>): string {
  const address = `${url}/${encodeURIComponent(template)}/simpleenroll`
  return [
    '# Makes a key and asks for a certificate by EST, once: enrol CERTIFICATE KEY',
    'enrol() {',
    '  if [ -s "$root$1" ] && [ -s "$root$2" ]; then return; fi',
    '  work=$(mktemp -d)',
    '  mkdir -p "$root$(dirname "$1")" "$root$(dirname "$2")"',
    // The very same request may be sent again, so it stays until it was answered.
    '  if [ ! -s "$root$2.csr" ]; then',
    '    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$root$2"',
    '    openssl req -new -batch -subj / -key "$root$2" -out "$root$2.csr"',
    '  fi',
    '  openssl req -in "$root$2.csr" -outform DER | base64 >"$work/request"',
    hereDocument('  cat >"$work/root.pem"', encodePem('CERTIFICATE', root.der)).trimEnd(),
    // Options by a file: what stands in the command line is seen by everybody on the machine.
    hereDocument(
      '  cat >"$work/curl"',
      `url = ${curlValue(address)}\nuser = ${curlValue(`${userName}:${challenge}`)}\n`,
    ).trimEnd(),
    '  status=$(curl -sS --config "$work/curl" --cacert "$work/root.pem" -o "$work/answer" -w "%{http_code}" \\',
    '    -H "Content-Type: application/pkcs10" -H "Content-Transfer-Encoding: base64" \\',
    '    --data-binary "@$work/request") || status=000',
    '  case $status in',
    '    200) base64 -d "$work/answer" >"$work/cms"',
    '      openssl pkcs7 -inform DER -in "$work/cms" -print_certs -out "$work/certificate"',
    '      put "$1" <"$work/certificate"',
    '      rm -f "$root$2.csr" ;;',
    '    202) rm -rf "$work"; die "The certificate waits for an approval: run this again later." ;;',
    '    *) cat "$work/answer" >&2 2>/dev/null || :',
    '      rm -rf "$work"; die "No certificate (HTTP status $status)." ;;',
    '  esac',
    '  rm -rf "$work"',
    '}',
    '',
  ].join('\n')
}

/** Key and certificate in PEM, for programs that take no container. The certificate comes out before those above it. */
function splitFunction({ container, password }: Extract<ProfileCertificate, { kind: 'pkcs12' }>): string {
  return [
    '# Takes certificate and key out of the container: split CERTIFICATE KEY',
    'split() {',
    '  work=$(mktemp -d)',
    hereDocument('  base64 -d >"$work/own.p12"', base64Lines(container)).trimEnd(),
    hereDocument('  cat >"$work/password"', `${password}\n`).trimEnd(),
    '  openssl pkcs12 -in "$work/own.p12" -passin "file:$work/password" -nokeys -clcerts -out "$work/certificate"',
    '  openssl pkcs12 -in "$work/own.p12" -passin "file:$work/password" -nocerts -nodes -out "$work/key"',
    '  put "$1" <"$work/certificate"',
    '  put "$2" <"$work/key"',
    '  rm -rf "$work"',
    '}',
    '',
  ].join('\n')
}

function installFunction(client: SetupClient, certificate: ProfileCertificate | undefined): string {
  const { name, files, own, password, splitsContainer, load } = client
  const words = own === undefined ? '' : `${own.certificate} ${own.key}`
  return [
    `install_${name}() {`,
    ...(own !== undefined && certificate?.kind === 'est' ? [`  enrol ${words}`] : []),
    ...(splitsContainer ? [`  split ${words}`] : []),
    ...(password === undefined
      ? []
      : [
          '  secret=$(password_hex)',
          '  {',
          hereDocument('    cat', password.before).trimEnd(),
          `    printf '%s%s\\n' '${password.setting}' "$secret"`,
          hereDocument('    cat', password.after).trimEnd(),
          `  } | put ${password.path}`,
        ]),
    ...files.map(({ path, content }) =>
      typeof content === 'string'
        ? hereDocument(`  put ${path}`, content).trimEnd()
        : hereDocument(`  put_octets ${path}`, base64Lines(content)).trimEnd(),
    ),
    ...unlessBelowRoot(load),
    '}',
    '',
  ].join('\n')
}

function undoFunction(client: SetupClient, certificate: ProfileCertificate | undefined): string {
  const { name, files, own, password, splitsContainer, unload } = client
  // What is left behind by somebody else is not ours to take away.
  const isOurs = certificate?.kind === 'est' || splitsContainer
  const paths = [
    ...files.map(({ path }) => path),
    ...(password === undefined ? [] : [password.path]),
    ...(own === undefined || !isOurs ? [] : [own.certificate, own.key, `${own.key}.csr`]),
  ]
  const before = name === 'networkmanager' ? unload : []
  const after = name === 'networkmanager' ? [] : unload
  return [
    `undo_${name}() {`,
    ...unlessBelowRoot(before),
    `  take_away ${paths.join(' ')}`,
    ...unlessBelowRoot(after),
    '}',
    '',
  ].join('\n')
}

/** What touches the running machine. */
function unlessBelowRoot(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return []
  return ['  if [ -z "$root" ]; then', ...lines.map((line) => `    ${line}`), '  fi']
}

function choose(clients: readonly SetupClient[]): string {
  const cases = clients.flatMap(({ name }) => [
    `  ${name}) if [ -n "$undo" ]; then undo_${name}; else install_${name}; fi ;;`,
  ])
  const found = clients.flatMap(({ name, program }) => [
    `  if [ -z "$client" ] && command -v ${program} >/dev/null; then client=${name}; fi`,
  ])
  return [
    'if [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then die "This needs root."; fi',
    'if [ -z "$client" ]; then',
    ...found,
    `  : "\${client:=${clients
      .map(({ name }) => name)
      .slice(0, 1)
      .join()}}"`,
    'fi',
    'case $client in',
    ...cases,
    '  *) die "Unknown client: $client" ;;',
    'esac',
    '',
  ].join('\n')
}
