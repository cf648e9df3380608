/** Vendors of RADIUS clients that are told apart: their attribute sets and habits differ. */
export const VENDORS = [
  'other',
  'aruba',
  'cisco',
  'cisco-asa',
  'cisco-wlc',
  'draytek',
  'fortinet',
  'hostapd',
  'hp',
  'juniper',
  'meraki',
  'microsoft',
  'mikrotik',
  'paloalto',
  'ruckus',
  'strongswan',
  'ubiquiti',
] as const

export type Vendor = (typeof VENDORS)[number]
