import type { GatewayInput } from '../../gateway-input.ts'
import { nasIdentifierOf } from '../read-me.ts'
import { settingsText } from './settings-text.ts'

/** How many logins may be under way at the same server: eap-radius waits for each on a socket of its own. */
const SOCKETS = 32
/** Two sendings of a request; the next login goes to the next server. */
const TRIES = 2

/** strongswan.d/charon/eap-radius.conf: it stands in charon { plugins { } }. */
export function eapRadiusConf(input: GatewayInput): string {
  const { gateway, secret, dynamicAuthorization } = input
  const { radiusServers, authenticationPort, accountingPort, timeoutSeconds, interimSeconds } = gateway
  return settingsText([
    [
      'eap-radius',
      [
        ['load', 'yes'],
        ['accounting', 'yes'],
        ['accounting_interval', interimSeconds],
        ['accounting_send_class', 'yes'],
        ['accounting_close_on_timeout', 'no'],
        ['class_group', 'no'],
        ['filter_id', 'yes'],
        ['nas_identifier', nasIdentifierOf(gateway)],
        [
          'dae',
          dynamicAuthorization === undefined
            ? [['enable', 'no']]
            : [
                ['enable', 'yes'],
                ['listen', gateway.inside.address ?? '0.0.0.0'],
                ['port', dynamicAuthorization.port],
                ['secret', dynamicAuthorization.secret],
              ],
        ],
        [
          'servers',
          radiusServers.map((address, index) => [
            `sallyport-${String(index + 1)}`,
            [
              ['address', address],
              ['secret', secret],
              ['auth_port', authenticationPort],
              ['acct_port', accountingPort],
              ['nas_identifier', nasIdentifierOf(gateway)],
              // Highest first.
              ['preference', (radiusServers.length - index) * 10],
              ['sockets', SOCKETS],
              ['retransmit_tries', TRIES],
              ['retransmit_timeout', timeoutSeconds],
              ['retransmit_base', 1],
            ],
          ]),
        ],
      ],
    ],
  ])
}
