import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { isObstacle, type ProfileFile, type ProfileOutput } from '../profile-output.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { nmPlaces } from './nm-places.ts'
import { typedIdentity } from './strongswan-text.ts'
import { linuxSwanctl } from './swanctl.ts'
import { systemName } from './system-name.ts'
import { linuxWpaSupplicant, wpaCertificateFolder } from './wpa-supplicant.ts'

/** A program that keeps the connection, and what it needs on the machine. */
export interface SetupClient {
  /** What `--client` calls it. */
  readonly name: 'networkmanager' | 'swanctl' | 'wpa_supplicant'
  /** The program whose presence chooses it. */
  readonly program: string
  readonly files: readonly PlacedFile[]
  /** Where key and certificate go that are asked for or taken out of a container; absent: nowhere. */
  readonly own?: { readonly certificate: string; readonly key: string }
  /** It takes no container: key and certificate are taken out of it. */
  readonly splitsContainer: boolean
  /** A file that holds the password in hex between these. */
  readonly password?: {
    readonly path: string
    readonly before: string
    /** What stands before the hex digits, in a line of its own. */
    readonly setting: string
    readonly after: string
  }
  /** Lines of shell once the files are there, at least one; and before they go. */
  readonly load: readonly string[]
  readonly unload: readonly string[]
}

export interface PlacedFile {
  readonly path: string
  readonly content: ProfileFile['content']
}

/** The clients that can keep this connection, the first one preferred. */
export function setupClients(whole: ProfileInput): readonly SetupClient[] {
  const input = withOwnFiles(whole)
  const served = (output: ProfileOutput): boolean => !findingsOf(output, input).some(isObstacle)
  return [
    ...(served(linuxNetworkManager) ? [networkManager(input)] : []),
    ...(served(linuxSwanctl) ? [swanctl(input)] : []),
    ...(served(linuxWpaSupplicant) ? [wpaSupplicant(input)] : []),
  ]
}

/** What the script asks for by EST lies on the machine once the others need it. */
export function withOwnFiles(input: ProfileInput): ProfileInput {
  return input.certificate?.kind === 'est' ? { ...input, certificate: { kind: 'installed' } } : input
}

function networkManager(input: ProfileInput): SetupClient {
  const { connection, certificate } = input
  const places = nmPlaces(systemName(connection))
  const folder = '/etc/NetworkManager/system-connections'
  const made = linuxNetworkManager.make(input)
  const keyfiles = made.filter(({ name }) => name.endsWith('.nmconnection'))
  const files = made.map(({ name, content }) => ({
    path: name.endsWith('.nmconnection') ? `${folder}/${name}` : placeOf(places.radiusCas, name),
    content,
  }))
  const splitsContainer = byCertificate(input) && certificate?.kind === 'pkcs12' && connection.kind === 'vpn'
  const uuids = keyfiles.map(({ content }) => /^uuid=(\S+)$/m.exec(String(content))?.[1] ?? '')
  return {
    ...{ name: 'networkmanager', program: 'nmcli', splitsContainer },
    files: splitsContainer ? files.filter(({ path }) => !path.endsWith('.p12')) : files,
    ...(byCertificate(input) && { own: { certificate: places.certificate, key: places.key } }),
    load: keyfiles.map(({ name }) => `nmcli connection load ${folder}/${name}`),
    unload: uuids.map((uuid) => `nmcli connection delete uuid ${uuid} || :`),
  }
}

function swanctl(input: ProfileInput): SetupClient {
  const { connection, person } = input
  const name = systemName(connection)
  const home = '/etc/swanctl'
  const identity = typedIdentity(person?.userName ?? '')
  return {
    ...{ name: 'swanctl', program: 'swanctl', splitsContainer: false },
    files: linuxSwanctl
      .make(input)
      .map((file) => ({ path: `${home}/${swanctlFolder(file.name)}/${file.name}`, content: file.content })),
    ...(byCertificate(input)
      ? { own: { certificate: `${home}/x509/${name}.pem`, key: `${home}/private/${name}.key` } }
      : {
          password: {
            path: `${home}/conf.d/${name}-password.conf`,
            before: `secrets {\n  eap-${name} {\n    id = "${identity}"\n`,
            setting: '    secret = 0x',
            after: '  }\n}\n',
          },
        }),
    load: ['swanctl --load-all'],
    unload: ['swanctl --load-all'],
  }
}

function swanctlFolder(name: string): string {
  if (name.endsWith('.conf')) return 'conf.d'
  if (name.endsWith('.p12')) return 'pkcs12'
  return /-ca-\d+\.pem$/.test(name) ? 'x509ca' : 'x509'
}

function wpaSupplicant(input: ProfileInput): SetupClient {
  const name = systemName(input.connection)
  const path = `${wpaCertificateFolder}/${name}.conf`
  const content = String(linuxWpaSupplicant.make(input)[0]?.content)
  const at = content.indexOf('network={\n') + 'network={\n'.length
  const driver = input.connection.kind === 'wired' ? 'wired' : 'nl80211'
  const own = {
    certificate: `${wpaCertificateFolder}/${name}.pem`,
    key: `${wpaCertificateFolder}/${name}.key`,
  }
  return {
    ...{ name: 'wpa_supplicant', program: 'wpa_supplicant', splitsContainer: false },
    ...(byCertificate(input)
      ? { files: [{ path, content }], own }
      : {
          files: [],
          password: { path, before: content.slice(0, at), setting: '  password=', after: content.slice(at) },
        }),
    load: [`echo "Start it: wpa_supplicant -B -D ${driver} -i INTERFACE -c ${path}"`],
    unload: [],
  }
}

const byCertificate = ({ connection }: ProfileInput): boolean => connection.authentication.endsWith('eap-tls')

const placeOf = (sibling: string, name: string): string =>
  `${sibling.slice(0, sibling.lastIndexOf('/'))}/${name}`
