/** Methods, rules and rounds. */

import type { Cause } from '../cause.ts'
import { sendWithoutEnd } from '../endless-device.ts'
import type { DiagnosisHouse, SupplicantOptions } from '../house.ts'
import type { Site } from '../site.ts'

export function methodCauses(site: Site): Cause[] {
  type Person = ReturnType<Site['user']>
  const cause = (
    name: string,
    code: string,
    says: readonly string[],
    network: (house: DiagnosisHouse, person: Person) => readonly string[],
    options: SupplicantOptions & { readonly person?: Person; readonly twin?: string } = {},
  ): Cause => {
    const { person = site.user(), twin, ...rest } = options
    return {
      name,
      code,
      says,
      ...(twin === undefined ? {} : { twin }),
      async happen(house) {
        await house.supplicant(network(house, person), rest)
        return { by: 'user', value: person.name }
      },
    }
  }
  const peap = (house: DiagnosisHouse, person: Person) => house.tunnel('PEAP', 'MSCHAPV2', person)
  const guest = site.user({ groups: [site.guests] })
  const outsider = site.user({ groups: [site.guests] })
  const refused = site.user()
  const nobody = site.user()
  const endless = site.user()
  return [
    cause(
      'EAP-PWD, which nobody offers',
      'eap-nak-to-forbidden-method',
      [nobody.name, 'type 52'],
      (_house, { name, password }) => ['eap=PWD', `identity="${name}"`, `password="${password}"`],
      { person: nobody },
    ),
    cause('PEAP where only EAP-TLS is allowed', 'eap-nak-to-forbidden-method', ['peap', 'eap-tls'], peap, {
      client: 'tlsOnly',
      twin: 'outer or inner method',
    }),
    cause(
      'password inside PEAP where only a certificate is allowed',
      'eap-nak-to-forbidden-method',
      ['inside peap', 'eap-mschapv2', 'eap-tls'],
      peap,
      { client: 'smartCard' },
    ),
    cause(
      'PAP inside EAP-TTLS where only MS-CHAPv2 is allowed',
      'inner-method-forbidden',
      ['pap', 'eap-ttls', 'mschapv2'],
      (house, person) => house.tunnel('TTLS', 'PAP', person),
      { client: 'ttlsOnly', twin: 'outer or inner method' },
    ),
    cause('method that another group may use', 'method-not-allowed', [site.byPassword, 'peap'], peap, {
      client: 'byGroup',
    }),
    cause(
      'user in no group that a rule lets in',
      'no-rule-matched',
      [site.allowing, site.guests, site.staff],
      peap,
      { person: guest, twin: 'rule' },
    ),
    cause(
      'user in no group that a rule lets in, by PAP in EAP-TTLS',
      'no-rule-matched',
      [site.allowing, site.guests],
      (house, person) => house.tunnel('TTLS', 'PAP', person),
      { person: outsider, client: 'wifi' },
    ),
    cause(
      'client that a rule rejects',
      'rejected-by-rule',
      [site.rejecting],
      (house, person) => [...house.tunnel('PEAP', 'MSCHAPV2', person)],
      { person: refused, client: 'closed', twin: 'rule' },
    ),
    {
      name: 'device that never stops sending',
      code: 'eap-too-many-rounds',
      says: [endless.name, site.clients.gateway.name],
      async happen(house) {
        await sendWithoutEnd(house, endless.name)
        return { by: 'user', value: endless.name }
      },
    },
  ]
}
