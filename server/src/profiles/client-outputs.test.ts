import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CLIENT_OUTPUTS } from './client-outputs.ts'
import { ownContainer } from './linux/test/own-container.ts'
import { findingsOf } from './make-files.ts'
import type { ProfileInput } from './profile-input.ts'
import { isObstacle, type ProfileOutput } from './profile-output.ts'
import { exampleVpn, exampleWifi, exampleWired, EXAMPLE_PERSON as person } from './testing/example-input.ts'
import { assertGolden, type Field } from './testing/golden.ts'

const OUTPUTS = CLIENT_OUTPUTS.filter(({ id }) => !id.startsWith('guide-'))
const certificate = ownContainer('password of the container')
const PSK = {
  ...{ tunnelTypes: ['l2tp'], authentication: 'mschapv2', l2tpMachineAuthentication: 'psk' },
  preSharedKey: 'a shared key',
}

/** One of each kind; with a certificate where the output brings one along. */
function inputs({ certificates }: ProfileOutput): readonly ProfileInput[] {
  const others = certificates.includes('pkcs12') ? { person, certificate } : { person }
  const device = { deviceTunnel: { routes: ['10.0.0.10/32'] } }
  return [exampleVpn(device, others), exampleVpn(PSK), exampleWifi({}, others), exampleWired({}, others)]
}

const WAYS = ['vpn', 'psk', 'wifi', 'wired'] as const

describe('client outputs', () => {
  it('ok/what-each-says-of-itself', () =>
    assertGolden(
      OUTPUTS.map(({ id, system, kinds, certificates, pkcs12 }): Field => {
        const container = pkcs12 === undefined ? 'no wish' : `${pkcs12.form}, ${pkcs12.password}`
        return [id, `${system}; ${kinds.join(' ')}; ${certificates.join(' ') || 'none'}; ${container}`]
      }),
      new URL('testing/client-outputs.golden', import.meta.url),
    ))

  it('ok/files-of-each', () => {
    const fields = OUTPUTS.flatMap((output) =>
      inputs(output).flatMap((input, way) => {
        if (!output.kinds.includes(input.connection.kind)) return []
        if (findingsOf(output, input).some(isObstacle)) return []
        return output
          .make(input)
          .map(
            ({ name, mediaType, holdsSecret }): Field => [
              `${output.id} / ${String(WAYS[way])} / ${name}`,
              `${mediaType}${holdsSecret ? ', secret' : ''}`,
            ],
          )
      }),
    )
    assertGolden(fields, new URL('testing/client-files.golden', import.meta.url))
  })

  it('ok/guides-bring-containers-that-are-typed-in', () => {
    for (const { certificates, pkcs12, id } of CLIENT_OUTPUTS.filter((one) => !OUTPUTS.includes(one))) {
      assert.deepEqual(certificates, pkcs12 === undefined ? [] : ['pkcs12'], id)
      assert.ok(pkcs12 === undefined || pkcs12.password === 'typed', id)
    }
  })
})
