import type { RecipeConfiguration, SessionAction, Vendor } from '../../config/schema.ts'

/**
 * What devices of a vendor understand of RFC 5176. `memory` marks what stands here from memory of the vendor's
 * documentation and was not tried against a device; every entry can be replaced for a client in its configuration
 * (`dynamicAuthorization`).
 */
export interface VendorHabits {
  readonly port: number
  /** Attributes that name a session; those the device never reported are left out. */
  readonly identify: readonly string[]
  /** Absent: the device cannot. */
  readonly actions: Readonly<Partial<Record<SessionAction, RecipeConfiguration>>>
  /** Whether a device may be told new attributes of a running session (CoA with the attributes of a profile). */
  readonly change: boolean
  readonly source: string
}

/** RFC 5176 section 2; Cisco and Meraki kept the port they had before. */
const STANDARD_PORT = 3799
const CISCO_PORT = 1700

const DISCONNECT: RecipeConfiguration = { packet: 'disconnect', attributes: [] }

function coa(name: string, value: string): RecipeConfiguration {
  return { packet: 'coa', attributes: [{ name, value }] }
}

/** What hostapd compares, and most others: the session by three names, the device by two. */
const COMMON_NAMES = [
  'User-Name',
  'Acct-Session-Id',
  'Calling-Station-Id',
  'NAS-Identifier',
  'NAS-IP-Address',
  'NAS-IPv6-Address',
  // RFC 8559 section 3: for a session that came through a proxy, which finds the device by them.
  'Operator-Name',
  'Operator-NAS-Identifier',
] as const

const CISCO: VendorHabits = {
  port: CISCO_PORT,
  identify: [
    'Acct-Session-Id',
    'Calling-Station-Id',
    'Cisco-AVPair:audit-session-id',
    'NAS-IP-Address',
    'NAS-IPv6-Address',
  ],
  actions: {
    disconnect: DISCONNECT,
    reauthenticate: {
      packet: 'coa',
      attributes: [
        { name: 'Cisco-AVPair', value: 'subscriber:command=reauthenticate' },
        { name: 'Cisco-AVPair', value: 'subscriber:reauthenticate-type=last' },
      ],
    },
    'bounce-port': coa('Cisco-AVPair', 'subscriber:command=bounce-host-port'),
  },
  change: true,
  source: 'memory: Cisco IOS, "RADIUS Change of Authorization"',
}

/** Seconds a port stays down: a client has to notice that its link was gone. */
const BOUNCE_SECONDS = '12'

const HABITS: Readonly<Partial<Record<Vendor, VendorHabits>>> = {
  cisco: CISCO,
  'cisco-asa': {
    ...CISCO,
    actions: { disconnect: DISCONNECT },
    source: 'memory: ASA, "dynamic-authorization"',
  },
  'cisco-wlc': CISCO,
  meraki: { ...CISCO, change: false, source: 'memory: Meraki, "Change of Authorization with RADIUS"' },
  hp: {
    port: STANDARD_PORT,
    identify: COMMON_NAMES,
    actions: {
      disconnect: DISCONNECT,
      reauthenticate: DISCONNECT,
      'bounce-port': coa('HP-Port-Bounce-Host', BOUNCE_SECONDS),
    },
    change: true,
    source: 'memory: ArubaOS-Switch, "RADIUS dynamic authorization"',
  },
  aruba: {
    port: STANDARD_PORT,
    identify: COMMON_NAMES,
    actions: {
      disconnect: DISCONNECT,
      reauthenticate: DISCONNECT,
      'bounce-port': coa('Aruba-Port-Bounce-Host', BOUNCE_SECONDS),
    },
    change: true,
    source: 'memory: AOS-CX Security Guide and ArubaOS, "RFC 3576 server"',
  },
  juniper: {
    port: STANDARD_PORT,
    identify: ['User-Name', 'Acct-Session-Id', 'Calling-Station-Id', 'NAS-IP-Address', 'NAS-IPv6-Address'],
    actions: {
      disconnect: DISCONNECT,
      reauthenticate: DISCONNECT,
      'bounce-port': coa('Juniper-AV-Pair', 'Port-Bounce'),
    },
    change: true,
    source: 'memory: Junos EX, "RADIUS CoA"',
  },
  mikrotik: {
    port: STANDARD_PORT,
    identify: ['User-Name', 'Acct-Session-Id', 'Framed-IP-Address'],
    actions: { disconnect: DISCONNECT, reauthenticate: DISCONNECT },
    change: true,
    source: 'memory: RouterOS, "/radius incoming"',
  },
  fortinet: {
    port: STANDARD_PORT,
    identify: ['User-Name', 'Acct-Session-Id', 'Calling-Station-Id', 'Framed-IP-Address'],
    actions: { disconnect: DISCONNECT, reauthenticate: DISCONNECT },
    change: true,
    source: 'memory: FortiOS, "radius-coa enable"',
  },
  microsoft: {
    port: STANDARD_PORT,
    identify: COMMON_NAMES,
    actions: {},
    change: false,
    source: 'memory: RRAS and NPS take no RFC 5176',
  },
  paloalto: {
    port: STANDARD_PORT,
    identify: COMMON_NAMES,
    actions: {},
    change: false,
    source: 'memory: GlobalProtect takes no RFC 5176',
  },
  strongswan: {
    port: STANDARD_PORT,
    // Tried: it looks for User-Name alone, and so ends every session of that user on the gateway.
    identify: ['User-Name'],
    actions: {
      disconnect: DISCONNECT,
      // Tried: it takes the time as what is left of the IKE_SA and tells the client to authenticate again before.
      reauthenticate: coa('Session-Timeout', '60'),
    },
    // Tried: a CoA without Session-Timeout is refused, whatever else it says.
    change: true,
    source: 'tried with strongSwan 5.9.8, eap-radius with dae',
  },
}

/**
 * For devices whose vendor says nothing better. A device that lost its session logs in again by itself, so Disconnect
 * re-authenticates too. RFC 5176 section 3.2 has CoA with Service-Type Authorize-Only for it, which few devices know.
 */
const STANDARD: VendorHabits = {
  port: STANDARD_PORT,
  identify: COMMON_NAMES,
  actions: { disconnect: DISCONNECT, reauthenticate: DISCONNECT },
  change: true,
  source: 'RFC 5176; Disconnect tried with hostapd 2.10',
}

export function habitsOf(vendor: Vendor): VendorHabits {
  return HABITS[vendor] ?? STANDARD
}
