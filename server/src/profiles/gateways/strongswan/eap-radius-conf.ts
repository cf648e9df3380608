import type { GatewayInput } from '../../gateway-input.ts'
import { type Section, settingsText } from '../../linux/strongswan-text.ts'
import { nasIdentifierOf } from '../read-me.ts'

/** How many logins may be under way at the same server: eap-radius waits for each on a socket of its own. */
const SOCKETS = 32
/** Two sendings of a request; the next login goes to the next server. */
const TRIES = 2

/** strongswan.d/charon/eap-radius.conf: it stands in charon { plugins { } }. */
export function eapRadiusConf(input: GatewayInput): string {
  const { gateway, dynamicAuthorization } = input
  const { radiusServers, interimSeconds } = gateway
  return settingsText({
    'eap-radius': {
      load: 'yes',
      accounting: 'yes',
      accounting_interval: String(interimSeconds),
      accounting_send_class: 'yes',
      // A server that restarts must not end every tunnel.
      accounting_close_on_timeout: 'no',
      class_group: 'no',
      filter_id: 'yes',
      nas_identifier: nasIdentifierOf(gateway),
      dae:
        dynamicAuthorization === undefined
          ? { enable: 'no' }
          : {
              enable: 'yes',
              listen: gateway.inside.address ?? '0.0.0.0',
              port: String(dynamicAuthorization.port),
              secret: dynamicAuthorization.secret,
            },
      servers: Object.fromEntries(
        radiusServers.map((address, index) => [
          `sallyport-${String(index + 1)}`,
          serverSection(input, address, (radiusServers.length - index) * 10),
        ]),
      ),
    },
  })
}

/** @param preference the highest first */
function serverSection({ gateway, secret }: GatewayInput, address: string, preference: number): Section {
  return {
    address,
    secret,
    auth_port: String(gateway.authenticationPort),
    acct_port: String(gateway.accountingPort),
    nas_identifier: nasIdentifierOf(gateway),
    preference: String(preference),
    sockets: String(SOCKETS),
    retransmit_tries: String(TRIES),
    retransmit_timeout: String(gateway.timeoutSeconds),
    retransmit_base: '1',
  }
}
