/** Authentication methods by the names a rule uses. A tunnel (`peap`, `eap-ttls`) carries an inner method. */
export const METHODS = [
  'pap',
  'chap',
  'mschap',
  'mschapv2',
  'eap-md5',
  'eap-gtc',
  'eap-mschapv2',
  'eap-tls',
  'peap',
  'eap-ttls',
  'mab',
  'proxied',
] as const

export type Method = (typeof METHODS)[number]

/**
 * MAC authentication bypass: the switch vouches for an address that anybody can copy. It proves so little that no accept
 * covers it by naming no methods: a rule has to list it.
 */
export const MAB = 'mab' satisfies Method

/** Another RADIUS server let the user in: how, only that one knows. */
export const PROXIED = 'proxied' as const satisfies Method

export const TUNNELS: readonly Method[] = ['peap', 'eap-ttls']
