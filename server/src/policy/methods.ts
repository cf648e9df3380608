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
] as const

export type Method = (typeof METHODS)[number]

export const TUNNELS: readonly Method[] = ['peap', 'eap-ttls']
