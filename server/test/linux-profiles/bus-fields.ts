import type { BusSettings } from '@sallyport/lab/network-manager'
import type { Field } from '../../src/profiles/testing/golden.ts'

/** Groups and settings that have another name on the bus than in a keyfile. */
const GROUPS: Readonly<Record<string, string>> = {
  ethernet: '802-3-ethernet',
  wifi: '802-11-wireless',
  'wifi-security': '802-11-wireless-security',
}

const LISTS = ['eap', 'proto', 'pairwise', 'group', 'dns', 'dns-search']

/** What a keyfile says, by the names of the bus, sorted. */
export function keyfileFields(fields: readonly Field[]): readonly string[] {
  return fields
    .map(([path, value]) => {
      const [group = '', key = ''] = path.split('/')
      const place = `${GROUPS[group] ?? group}/${key}`
      if (place === 'connection/type') return `${place} = ${GROUPS[value] ?? value}`
      if (/\/route\d+$/.test(place)) return `${group}/route = ${value.replace(/,(0\.0\.0\.0|::),/, ' ')}`
      if (place === '802-11-wireless/ssid') return `${place} = ${octetsOf(value)}`
      return `${place} = ${LISTS.includes(key) ? value.replace(/;$/, '') : value}`
    })
    .filter(
      (line) =>
        !/^(connection\/autoconnect = true|vpn\/persistent|ipv[46]\/)/.test(line) ||
        /\/(route|dns)/.test(line),
    )
    .toSorted()
}

const octetsOf = (value: string): string =>
  value.endsWith(';') ? value.slice(0, -1) : [...Buffer.from(value)].join(';')

/** What NetworkManager holds, in the same form; what it fills in by itself is left out. */
export function busFields(settings: BusSettings): readonly string[] {
  return Object.entries(settings)
    .flatMap(([group, values]) =>
      Object.entries(values).flatMap(([key, value]) => fieldsOf(group, key, value)),
    )
    .toSorted()
}

const ITS_OWN = new Set([
  ...['connection/permissions', '802-11-wireless/mac-address-blacklist', '802-11-wireless/security'],
  ...[
    '802-11-wireless/mac-address-randomization',
    '802-3-ethernet/auto-negotiate',
    'vpn/persistent',
    'vpn/secrets',
  ],
  ...['802-3-ethernet/mac-address-blacklist', '802-3-ethernet/s390-options'],
])

function fieldsOf(group: string, key: string, value: unknown): readonly string[] {
  const place = `${group}/${key}`
  if (ITS_OWN.has(place)) return []
  if (place === 'vpn/data')
    return Object.entries(value as object).map(([name, data]) => `vpn/${name} = ${data}`)
  if (place === '802-11-wireless/assigned-mac-address')
    return [`${group}/cloned-mac-address = ${String(value)}`]
  if (/^ipv[46]\//.test(place)) return ipFields(group, key, value)
  if (!Array.isArray(value)) return [`${place} = ${String(value)}`]
  if (key === 'ssid') return [`${place} = ${value.join(';')}`]
  const isPath = typeof value[0] === 'number'
  return [`${place} = ${isPath ? pathOf(value as number[]) : value.join(';')}`]
}

/** `file://` and the path with a NUL at its end. */
const pathOf = (octets: readonly number[]): string =>
  Buffer.from(octets)
    .toString()
    .replace(/^file:\/\//, '')
    .replace(/\0$/, '')

interface Route {
  readonly dest: { readonly data: string }
  readonly prefix: { readonly data: number }
  readonly metric?: { readonly data: number }
}

function ipFields(group: string, key: string, value: unknown): readonly string[] {
  if (key === 'dns-data' || key === 'dns-search') {
    const list = value as readonly string[] // as
    return list.length === 0 ? [] : [`${group}/${key === 'dns-data' ? 'dns' : key} = ${list.join(';')}`]
  }
  if (key !== 'route-data') return []
  return (value as readonly Route[]).map(({ dest, prefix, metric }) => {
    const after = metric === undefined ? '' : ` ${String(metric.data)}`
    return `${group}/route = ${dest.data}/${String(prefix.data)}${after}`
  })
}
