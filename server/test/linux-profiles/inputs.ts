import fc from 'fast-check'
import type { ConnectionConfiguration } from '../../src/config/schema.ts'
import { ownContainer } from '../../src/profiles/linux/test/own-container.ts'
import { findingsOf } from '../../src/profiles/make-files.ts'
import type { ProfileInput } from '../../src/profiles/profile-input.ts'
import { isObstacle, type ProfileOutput } from '../../src/profiles/profile-output.ts'
import { EXAMPLE_PERSON as person } from '../../src/profiles/testing/example-input.ts'
import { hostileName, hostileText } from '../../src/profiles/testing/hostile-text.ts'

type Example<Connection extends ConnectionConfiguration> = (
  written?: Readonly<Record<string, unknown>>,
  others?: Partial<ProfileInput>,
) => ProfileInput<Connection>

/** One for each method with a tunnel of its own. */
export function plainInputs<Connection extends ConnectionConfiguration>(
  example: Example<Connection>,
): readonly ProfileInput<Connection>[] {
  const split = {
    ...{ name: 'split', authentication: 'eap-mschapv2', routing: 'split' },
    gateways: [{ address: '192.0.2.1' }, { address: 'vpn2.example.org' }],
    routes: [{ prefix: '10.0.0.0/8' }, { prefix: '10.9.0.0/16', exclude: true }, { prefix: '2001:db8::/32' }],
  }
  const isVpn = example().connection.kind === 'vpn'
  const prefix = example().connection.kind === 'wired' ? 'wired-' : ''
  return [
    example({ name: `${prefix}tls` }, { person, certificate: ownContainer() }),
    example({ name: `${prefix}peap`, authentication: 'peap-mschapv2' }, { person }),
    example({ name: `${prefix}ttls`, authentication: 'ttls-mschapv2' }, { person }),
    ...(isVpn
      ? [
          example({ name: 'mschapv2', authentication: 'eap-mschapv2' }, { person }),
          example(split, { person }),
        ]
      : [
          example({ name: `${prefix}pap`, authentication: 'ttls-pap' }, { person }),
          example(
            { name: `${prefix}inner-tls`, authentication: 'peap-eap-tls' },
            { person, certificate: ownContainer() },
          ),
        ]),
  ]
}

/** Names, SSIDs, keys and passwords that try to break out; the same ones every time. */
export function hostileInputs<Connection extends ConnectionConfiguration>(
  example: Example<Connection>,
  written: Readonly<Record<string, unknown>> = { authentication: 'peap-mschapv2' },
): readonly ProfileInput<Connection>[] {
  const texts = fc.sample(
    fc.tuple(
      hostileName(),
      hostileText(),
      hostileText().filter((text) => text !== ''),
    ),
    { numRuns: 60, seed: 6 },
  )
  const container = ownContainer()
  return texts.map(([name, userName, password], index) => {
    const input = example({ ...written, name: `hostile-${example().connection.kind}-${String(index)}` })
    const { connection } = input
    const hostile = {
      ...{
        ...connection,
        title: name,
        authentication: connection.kind === 'wifi' ? 'eap-tls' : connection.authentication,
      },
      ...(connection.kind === 'wifi' && { ssid: shortened(name) }),
      ...(connection.kind === 'vpn' && connection.preSharedKey !== undefined && { preSharedKey: password }),
    }
    return { ...input, connection: hostile, person: { userName }, certificate: { ...container, password } }
  })
}

/** An SSID has at most 32 octets. */
function shortened(text: string): string {
  let short = text
  while (Buffer.byteLength(short) > 32) short = [...short].slice(0, -1).join('')
  return short
}

export const isRefused = (output: ProfileOutput, input: ProfileInput): boolean =>
  findingsOf(output, input).some(isObstacle)
