import type { EapFacts, NetworkFacts, ProfileFacts } from '../profile-facts.ts'

const METHODS: Readonly<Record<string, EapFacts['method']>> = {
  TLS: 'eap-tls',
  PEAP: 'peap',
  TTLS: 'ttls',
  MSCHAPV2: 'eap-mschapv2',
}

/** wpa_supplicant.conf and what eapol_test reads: the networks in it. */
export function readWpaSupplicant(text: string): ProfileFacts {
  const networks = blocksOf(text).map(valuesOf)
  return {
    format: 'wpa-supplicant',
    eap: networks.flatMap((network, index) => eapFacts(network, `network/${String(index + 1)}`)),
    tunnels: [],
    networks: networks.map((network, index) => networkFacts(network, `network/${String(index + 1)}`)),
    faults: [],
  }
}

/** The lines of each `network={ ... }`. */
function blocksOf(text: string): readonly (readonly string[])[] {
  const blocks: string[][] = []
  let block: string[] | undefined
  for (const line of text.split('\n')) {
    if (block === undefined) {
      const [, rest] = /^\s*network\s*=\s*\{(.*)/s.exec(line) ?? []
      if (rest !== undefined) block = [rest]
    } else if (line.trimStart().startsWith('}')) {
      blocks.push(block)
      block = undefined
    } else block.push(line)
  }
  return blocks
}

function valuesOf(lines: readonly string[]): Map<string, string> {
  const settings = lines.map((line) => /^\s*([a-z0-9_]+)\s*=(.*)$/is.exec(line))
  return new Map(
    settings.flatMap((setting) =>
      setting === null ? [] : [[setting[1] ?? '', (setting[2] ?? '').trim().replace(/^P?"|"$/g, '')]],
    ),
  )
}

function networkFacts(network: ReadonlyMap<string, string>, place: string): NetworkFacts {
  const management = network.get('key_mgmt') ?? ''
  const usesEap = /WPA-EAP|IEEE8021X/.test(management)
  if (!network.has('ssid')) return { place, kind: 'wired', usesEap }
  const security = management === 'NONE' ? 'open' : management === 'IEEE8021X' ? 'wep' : 'wpa2'
  const cipher = network.get('pairwise')
  return { place, kind: 'wifi', usesEap, security, ...(cipher === undefined ? {} : { cipher }) }
}

function eapFacts(network: ReadonlyMap<string, string>, place: string): EapFacts[] {
  const match =
    network.get('domain_suffix_match') ?? network.get('domain_match') ?? network.get('altsubject_match')
  const names = match?.split(';').map((name) => name.replace(/^DNS:/, '')) ?? []
  const anchor = network.get('ca_cert') ?? network.get('ca_path')
  const inner = /auth(?:eap)?=(\w+)/.exec(network.get('phase2') ?? '')?.[1]?.toLowerCase()
  return (network.get('eap') ?? '')
    .split(/\s+/)
    .filter((method) => method !== '')
    .map((method) => ({
      ...{ place, method: METHODS[method] ?? 'other', checksServer: anchor !== undefined },
      serverNames: { names, arePatterns: false },
      anchors: anchor === undefined ? [] : [anchor],
      ...(inner === undefined ? {} : { inner }),
    }))
}
