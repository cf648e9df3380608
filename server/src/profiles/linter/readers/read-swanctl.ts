import type { EapFacts, ProfileFacts, TunnelFacts } from '../profile-facts.ts'
import { type BracedSection, bracedSections } from './braced-sections.ts'

const METHODS: Readonly<Record<string, EapFacts['method']>> = {
  'eap-tls': 'eap-tls',
  'eap-peap': 'peap',
  'eap-ttls': 'ttls',
  'eap-mschapv2': 'eap-mschapv2',
}

/** swanctl.conf. @throws UnreadableProfile */
export function readSwanctl(text: string): ProfileFacts {
  const connections = [...(bracedSections(text).sections.get('connections')?.sections ?? [])]
  return {
    format: 'swanctl',
    eap: connections.flatMap(([name, connection]) => eapFacts(name, connection)),
    tunnels: connections.map(([name, connection]) => tunnelFacts(name, connection)),
    networks: [],
    faults: [],
  }
}

/** `local`, `local-1` ...: authentication rounds. */
function rounds(connection: BracedSection, side: 'local' | 'remote'): BracedSection[] {
  return [...connection.sections].filter(([name]) => name.startsWith(side)).map(([, section]) => section)
}

function eapFacts(name: string, connection: BracedSection): EapFacts[] {
  return rounds(connection, 'local').flatMap((local): EapFacts[] => {
    const method = METHODS[local.values.get('auth') ?? '']
    if (method === undefined) return []
    const place = `connections/${name}/local`
    if (method === 'eap-mschapv2') return [{ place, method }]
    // aaa_id names the server inside of EAP; without it that of the gateway counts.
    const remotes = rounds(connection, 'remote').map(({ values }) => values.get('id'))
    const names = [local.values.get('aaa_id') ?? remotes[0]].filter(isId).map(commonName)
    return [{ place, method, checksServer: true, serverNames: { names, arePatterns: false } }]
  })
}

const isId = (id: string | undefined): id is string => id !== undefined && id !== '' && id !== '%any'

/** Of a distinguished name; any other identity is a name itself, with its type before it or not. */
function commonName(id: string): string {
  return /(?:^|,\s*)CN=([^,]+)/.exec(id)?.[1] ?? id.replace(/^(fqdn:|@)/, '')
}

function tunnelFacts(name: string, connection: BracedSection): TunnelFacts {
  const { values, sections } = connection
  const children = [...(sections.get('children')?.sections.values() ?? [])]
  const proposals = [values.get('proposals'), ...children.map((child) => child.values.get('esp_proposals'))]
  const suites = proposals.flatMap((text) =>
    text === undefined || text === 'default' ? [] : text.split(/[-,\s]+/),
  )
  const [remote] = rounds(connection, 'remote')
  const anchors = remote?.values.get('cacerts') ?? remote?.values.get('certs') ?? remote?.values.get('ca_id')
  return {
    ...{ place: `connections/${name}`, type: 'ikev2', suites },
    checksGatewayName: isId(remote?.values.get('id')),
    gatewayAnchors: anchors === undefined ? [] : [anchors],
    usesPreSharedKey: rounds(connection, 'local').some((local) => local.values.get('auth') === 'psk'),
  }
}
