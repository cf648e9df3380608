/** A Linux computer outside, with strongSwan and the files of one `linux-swanctl` profile put where they say they belong. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabCertificate } from '../../certificates.ts'
import { Charon } from '../../charon.ts'
import type { Network } from '../../network.ts'
import { ADDRESSES } from './network.ts'

/** What a person brings besides the profile. */
export interface Own {
  readonly password?: { readonly name: string; readonly password: string }
  readonly certificate?: LabCertificate
}

export interface ClientMachineOptions extends Own {
  readonly network: Network
  readonly folder: string
  /** Folder that `sallyport connections make` filled. */
  readonly profile: string
  /** With EAP-PEAP in it. */
  readonly pluginFolder?: string
}

export type Connecting = { readonly connected: boolean; readonly output: string }

export class ClientMachine implements AsyncDisposable {
  readonly charon: Charon
  readonly #network: Network
  readonly #child: string

  private constructor(network: Network, charon: Charon, child: string) {
    this.#network = network
    this.charon = charon
    this.#child = child
  }

  static async start(options: ClientMachineOptions): Promise<ClientMachine> {
    const { network, folder, profile, password, certificate, pluginFolder } = options
    mkdirSync(folder)
    network.files('client', { 'resolv.conf': `nameserver ${ADDRESSES.dc}\n` })
    const names = readdirSync(profile)
    const own = (names.find((name) => name.endsWith('.conf')) ?? '').replace(/\.conf$/, '')
    const files = names.flatMap((name) => {
      const place = placeOf(name)
      return place === undefined ? [] : [[`${place}/${name}`, readFileSync(join(profile, name))] as const]
    })
    const charon = await Charon.start({
      ...{ network, host: 'client', folder },
      load: [
        'eap-mschapv2',
        'eap-tls',
        'eap-ttls',
        'updown',
        'resolve',
        ...(pluginFolder ? ['eap-peap'] : []),
      ],
      // What strongSwan calls the resolver's file is that of this host.
      plugins: `    resolve {\n      file = ${network.file('client', 'resolv.conf')}\n    }`,
      files: {
        ...Object.fromEntries(files),
        ...(password !== undefined && { 'conf.d/password.conf': passwordFile(password) }),
        ...(certificate !== undefined && {
          [`x509/${own}.pem`]: readFileSync(certificate.certificate),
          [`private/${own}.key`]: readFileSync(certificate.key),
        }),
      },
      ...(pluginFolder !== undefined && { pluginFolder }),
    })
    return new ClientMachine(network, charon, own)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.charon.swanctl('--terminate', '--ike', this.#child, '--timeout', '3')
    await this.charon[Symbol.asyncDispose]()
  }

  async connect(seconds = 15): Promise<Connecting> {
    const words = ['--child', this.#child, '--timeout', String(seconds)]
    const { code, output } = await this.charon.swanctl('--initiate', ...words)
    return { connected: code === 0, output }
  }

  reaches(address: string): Promise<boolean> {
    return this.#network.reaches('client', address)
  }

  /** The device packets to an address leave by. */
  deviceTo(address: string): string | undefined {
    return / dev (\S+)/.exec(this.#network.ip('client', 'route', 'get', address))?.[1]
  }

  /** Addresses of a name as any program there finds them. */
  async resolve(name: string): Promise<string> {
    const { output } = await this.#network.run('client', ['getent', 'ahostsv4', name])
    return output.split(/\s/)[0] ?? ''
  }

  get nameServers(): string {
    return readFileSync(this.#network.file('client', 'resolv.conf'), 'utf8')
  }

  /** The address it was given, on its tunnel device. */
  get address(): string | undefined {
    return /inet (10\.77\.1\d\d\.\d+)/.exec(this.#network.ip('client', 'address', 'show'))?.[1]
  }
}

/** As the head of the settings says. */
function placeOf(name: string): string | undefined {
  if (name.endsWith('.conf')) return 'conf.d'
  if (/-ca-\d+\.pem$/.test(name)) return 'x509ca'
  if (name.endsWith('.pem')) return 'x509'
  return name.endsWith('.p12') ? 'pkcs12' : undefined
}

/** strongSwan asks nobody: a person writes the password into a file of their own. */
function passwordFile({ name, password }: Required<Own>['password']): string {
  return `secrets {\n  eap-own {\n    id = ${name}\n    secret = "${password}"\n  }\n}\n`
}
