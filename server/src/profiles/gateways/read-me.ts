import type { GatewayInput } from '../gateway-input.ts'
import type { ProfileFile } from '../profile-output.ts'
import { type Opening, openingsOf } from './openings.ts'
import { plainLine } from './plain-line.ts'

/** A command that shows that something is so, and what it says then. */
export interface Check {
  readonly command: string
  readonly shows: string
}

export interface ReadMe {
  readonly title: string
  /** How sure it is: what was tried, what is from documentation, what is from memory. */
  readonly sureness: string
  /** What to do, in order. */
  readonly steps: readonly string[]
  readonly cards: readonly string[]
  readonly checks: readonly Check[]
}

/** What goes where, the packet filter, the two cards, and how to see that it is so. */
export function readMeFile(input: GatewayInput, parts: ReadMe): ProfileFile {
  const { gateway } = input
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['How sure this is', [parts.sureness]],
    ['Steps', parts.steps.map((step, index) => `${String(index + 1)}. ${step}`)],
    ['RADIUS', radiusLines(input)],
    ['Packet filter', openingsOf(input).map(openingLine)],
    ['Network cards', parts.cards.map(bullet)],
    [
      'Checks',
      [
        ...parts.checks.map(({ command, shows }) => `- \`${command}\`\n  ${shows}`),
        `- On the server: \`sallyport gateways check ${commandName(gateway.name)}\`\n  What it saw from this gateway: logins, Message-Authenticator, secrets, accounting, CoA.`,
      ],
    ],
  ]
  const text = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => `## ${heading}\n\n${lines.join('\n')}\n`)
    .join('\n')
  return {
    name: 'READ-ME.md',
    mediaType: 'text/markdown',
    content: `# ${plainLine(gateway.name)}: ${parts.title}\n\n${text}`,
    holdsSecret: false,
  }
}

function radiusLines({ gateway, dynamicAuthorization }: GatewayInput): string[] {
  const { authenticationPort, accountingPort, timeoutSeconds, interimSeconds } = gateway
  return [
    ...gateway.radiusServers.map(
      (address, index) =>
        `- server ${String(index + 1)}: ${address}, tried ${index === 0 ? 'first' : 'after the ones before'}`,
    ),
    `- ports: ${String(authenticationPort)} logins, ${String(accountingPort)} accounting (UDP); wait ${String(timeoutSeconds)} s`,
    `- accounting: start, stop, and a report every ${String(interimSeconds)} s`,
    `- NAS-Identifier: ${nasIdentifierOf(gateway)}`,
    dynamicAuthorization === undefined
      ? '- CoA and Disconnect: switched off for this client'
      : `- CoA and Disconnect: the gateway listens on UDP ${String(dynamicAuthorization.port)}`,
  ]
}

/** What the gateway calls itself; an attribute of RADIUS, so the name without what is not printable ASCII. */
export function nasIdentifierOf(gateway: GatewayInput['gateway']): string {
  const ascii = gateway.name.replace(/[^!-~]+/g, '-').replace(/^-+|-+$/g, '')
  return gateway.nasIdentifier ?? (ascii === '' ? 'gateway' : ascii.slice(0, 64))
}

function openingLine({ host, card, protocol, ports, from, why }: Opening): string {
  const what = ports.length === 0 ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${ports.join(', ')}`
  const where = host === 'gateway' ? `gateway, ${card}` : 'Sallyport server'
  const whom = from.length === 0 ? (host === 'server' ? 'the gateway' : 'anywhere') : from.join(', ')
  return `- ${where}: let in ${what} from ${whom}: ${why}`
}

const bullet = (line: string): string => `- ${line}`

function commandName(name: string): string {
  return /^[A-Za-z0-9._-]+$/.test(name)
    ? name
    : `'${plainLine(name).replaceAll("'", "'\\''").replaceAll('`', '?')}'`
}
