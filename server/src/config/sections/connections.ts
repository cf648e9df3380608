import * as z from 'zod'
import { wifiSchema, wiredSchema } from './connections/dot1x.ts'
import { vpnSchema } from './connections/vpn.ts'
import type { WithOpenSecrets } from './secret.ts'

/** A connection as people get it: described once, every client's file and every gateway's settings are made of it. */
export const connectionSchema = z.discriminatedUnion('kind', [vpnSchema, wifiSchema, wiredSchema])

export const CONNECTION_KINDS = ['vpn', 'wifi', 'wired'] as const
export type ConnectionKind = (typeof CONNECTION_KINDS)[number]

export type VpnConnection = Readonly<WithOpenSecrets<z.output<typeof vpnSchema>>>
export type WifiConnection = Readonly<WithOpenSecrets<z.output<typeof wifiSchema>>>
export type WiredConnection = Readonly<WithOpenSecrets<z.output<typeof wiredSchema>>>
export type ConnectionConfiguration = VpnConnection | WifiConnection | WiredConnection
