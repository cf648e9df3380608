import type { ProfileFacts, ReadingFault, TunnelFacts } from '../profile-facts.ts'
import { readXml } from './read-xml.ts'

const TYPES: Readonly<Record<string, TunnelFacts['type']>> = {
  ikev2: 'ikev2',
  sstp: 'sstp',
  l2tp: 'l2tp',
  pptp: 'pptp',
  automatic: 'automatic',
}
const ENCRYPTIONS: Readonly<Record<string, NonNullable<TunnelFacts['encryption']>>> = {
  noencryption: 'none',
  optional: 'optional',
  required: 'required',
  maximum: 'maximum',
}
const METHODS: Readonly<Record<string, string>> = { machinecertificate: 'certificate' }
const SUITE_PARAMETERS = [
  'AuthenticationTransformConstants',
  'CipherTransformConstants',
  'EncryptionMethod',
  'IntegrityCheckMethod',
  'DHGroup',
  'PfsGroup',
]

/**
 * A script with Add-VpnConnection or Set-VpnConnection: what its parameters say as literals, given on the command or in a
 * table (`@parameters`). What a script computes is not followed.
 */
export function readPowershell(text: string): ProfileFacts {
  const code = text.replace(/`\r?\n/g, ' ').replace(/^[ \t]*#.*$/gm, '')
  const commands = code.split(/(?=\b(?:Add|Set)-VpnConnection\b)|(?=\$\w+\s*=\s*@\{)/i)
  const tunnels = commands.flatMap((command, index) => tunnelOf(command, `connection/${String(index)}`))
  const suites = suitesOf(code)
  const faults: ReadingFault[] = []
  const documents = embedded(text).map((document) => readXml(document))
  return {
    format: 'powershell',
    eap: documents.flatMap(({ eap }) => eap),
    tunnels: [
      ...tunnels.map((tunnel) => ({ ...tunnel, ...(suites === undefined ? {} : { suites }) })),
      ...documents.flatMap((document) => document.tunnels),
    ],
    networks: documents.flatMap(({ networks }) => networks),
    faults: [...faults, ...documents.flatMap((document) => document.faults)],
  }
}

/** The value of a parameter: `-Name 'x'`, `-Name x`, or `Name = 'x'` in a table. */
function parameter(command: string, name: string): string | undefined {
  const match = new RegExp(
    `(?:-${name}\\s+|\\b${name}\\s*=\\s*)(?:'((?:[^']|'')*)'|"([^"]*)"|([\\w.@(),'-]+))`,
    'i',
  ).exec(command)
  return match === null ? undefined : (match[1] ?? match[2] ?? match[3])
}

function tunnelOf(command: string, place: string): TunnelFacts[] {
  const type = parameter(command, 'TunnelType')
  if (type === undefined) {
    return /^Add-VpnConnection\b(?!\s*@)/i.test(command)
      ? [{ place, type: 'automatic', encryption: 'required' }]
      : []
  }
  const psk = parameter(command, 'L2tpPsk')
  const methods = (parameter(command, 'AuthenticationMethod') ?? '')
    .split(/[^\w]+/)
    .filter((word) => word !== '')
    .map((word) => METHODS[word.toLowerCase()] ?? word.toLowerCase())
  return [
    {
      place,
      type: TYPES[type.toLowerCase()] ?? 'automatic',
      // Add-VpnConnection asks for Required where nothing is said.
      encryption:
        ENCRYPTIONS[parameter(command, 'EncryptionLevel')?.toLowerCase() ?? 'required'] ?? 'required',
      ...{ methods, usesPreSharedKey: psk !== undefined, holdsSecret: psk !== undefined },
    },
  ]
}

function suitesOf(code: string): readonly string[] | undefined {
  const found = SUITE_PARAMETERS.flatMap((name) => parameter(code, name) ?? [])
  return found.length === 0 ? undefined : found.filter((value) => value.toLowerCase() !== 'none')
}

/** XML documents in strings of the script, whose quotes are doubled there. */
function embedded(text: string): string[] {
  const documents: string[] = []
  const endless = new Set<string>()
  const opening = /<(EapHostConfig|VPNProfile|WLANProfile|LANProfile)\b/g
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const end = `</${match[1] ?? ''}>`
    // What does not end here ends nowhere behind: it is not looked for again.
    const at = endless.has(end) ? -1 : text.indexOf(end, match.index)
    if (at === -1) {
      endless.add(end)
      continue
    }
    opening.lastIndex = at + end.length
    documents.push(text.slice(match.index, opening.lastIndex).replace(/''/g, "'"))
  }
  return documents
}
