import type { TunnelType, VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import type { Section, Step } from '../guide.ts'
import { WINDOWS as W } from '../labels/windows.ts'
import { insideName, titleOf, usesCertificate } from '../parts/facts.ts'
import { code, type MessageKey, named, type Phrase, say, ui } from '../phrase.ts'

/** Address and DNS, as they are seen on every Windows. */
export function worksSection(input: ProfileInput<VpnConnection>): Section {
  const inside = insideName(input.connection)
  const steps: Step[] = [
    { say: say('runIn', { program: ui(W.commandPrompt) }), command: 'ipconfig' },
    { say: say('worksAddressWindows', { connection: named(titleOf(input)) }) },
    ...(inside === undefined ? [] : [{ say: say('worksDns'), command: `nslookup ${inside}` }]),
  ]
  return { title: say('worksTitle'), blocks: [{ kind: 'steps', steps }] }
}

type Cure = readonly [code: string, cure: MessageKey & `cure${string}`]
const ALWAYS: readonly Cure[] = [
  ['691', 'cure691'],
  ['812', 'cure812'],
  ['868', 'cure868'],
]
const OF_TUNNEL: Readonly<Record<TunnelType, readonly Cure[]>> = {
  ikev2: [
    ['809', 'cure809'],
    ['13801', 'cure13801'],
    ['13868', 'cure13868'],
  ],
  sstp: [
    ['0x800B0109', 'cure13801'],
    ['0x80072746', 'cureSstpReset'],
  ],
  l2tp: [
    ['809', 'cure809'],
    ['789', 'cure789'],
  ],
  pptp: [
    ['619', 'curePptp'],
    ['806', 'curePptp'],
    ['807', 'curePptp'],
  ],
}

/** The usual numbers for what this connection is made of, the smallest first. */
export function windowsErrors(connection: VpnConnection, tunnels: readonly TunnelType[]): Section {
  const certificate: readonly Cure[] = [
    ...(usesCertificate(connection.authentication)
      ? ([
          ['798', 'cure798'],
          ['853', 'cure798'],
        ] as const)
      : []),
    ...(tunnels.includes('l2tp') && connection.l2tpMachineAuthentication === 'certificate'
      ? ([['766', 'cure766']] as const)
      : []),
  ]
  const all = new Map([...ALWAYS, ...tunnels.flatMap((tunnel) => OF_TUNNEL[tunnel]), ...certificate])
  const rows = [...all]
    .sort(([a], [b]) => a.length - b.length || a.localeCompare(b))
    .map(([number, cure]) => ({ seen: errorNumber(number), cure: say(cure) }))
  return {
    title: say('errorsTitle'),
    blocks: [
      { kind: 'paragraph', say: say('errorsIntroWindows') },
      { kind: 'cures', rows },
    ],
  }
}

const errorNumber = (number: string): Phrase => say('errorNumber', { number: code(number) })
