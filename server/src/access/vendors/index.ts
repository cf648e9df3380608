import type { Vendor } from '../../config/sections/vendors.ts'
import { ARUBA } from './aruba.ts'
import { CISCO } from './cisco.ts'
import { CISCO_ASA } from './cisco-asa.ts'
import { CISCO_WLC } from './cisco-wlc.ts'
import { DRAYTEK } from './draytek.ts'
import { FORTINET } from './fortinet.ts'
import { HOSTAPD } from './hostapd.ts'
import { HP } from './hp.ts'
import { JUNIPER } from './juniper.ts'
import { MERAKI } from './meraki.ts'
import { MICROSOFT } from './microsoft.ts'
import { MIKROTIK } from './mikrotik.ts'
import { OTHER } from './other.ts'
import { PALOALTO } from './paloalto.ts'
import { RUCKUS } from './ruckus.ts'
import { STRONGSWAN } from './strongswan.ts'
import type { VendorTerms } from './term.ts'
import { UBIQUITI } from './ubiquiti.ts'

export const VENDOR_TERMS: Readonly<Record<Vendor, VendorTerms>> = {
  other: OTHER,
  aruba: ARUBA,
  cisco: CISCO,
  'cisco-asa': CISCO_ASA,
  'cisco-wlc': CISCO_WLC,
  draytek: DRAYTEK,
  fortinet: FORTINET,
  hostapd: HOSTAPD,
  hp: HP,
  juniper: JUNIPER,
  meraki: MERAKI,
  microsoft: MICROSOFT,
  mikrotik: MIKROTIK,
  paloalto: PALOALTO,
  ruckus: RUCKUS,
  strongswan: STRONGSWAN,
  ubiquiti: UBIQUITI,
}
