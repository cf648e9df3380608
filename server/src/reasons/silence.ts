import type { ReasonDefinition } from './code-table.ts'

const about = { client: 'text', user: 'text?', seconds: 'number?' } as const
const certificate = { serverName: 'text?', issuer: 'text?' } as const

/** Why a device, or the RADIUS client before it, fell silent in the middle of a login. */
export const SILENCE = {
  'conversation-abandoned': {
    area: 'transport',
    outcome: 'drop',
    values: { ...about, method: 'text?', step: 'text?' },
  },
  'answer-lost': {
    area: 'transport',
    outcome: 'drop',
    values: { client: 'text', user: 'text?', method: 'text?', repeats: 'number', octets: 'number?' },
  },
  'eap-fragment-lost': {
    area: 'eap',
    outcome: 'drop',
    values: {
      ...about,
      ...certificate,
      acknowledged: 'number',
      fragments: 'number',
      octets: 'number',
      framedMtu: 'number?',
    },
  },
  'server-certificate-unanswered': {
    area: 'tls',
    outcome: 'drop',
    values: { ...about, ...certificate, fragments: 'number', octets: 'number' },
  },
  'no-answer-to-certificate': {
    area: 'tls',
    outcome: 'drop',
    values: { ...about, ...certificate, octets: 'number', framedMtu: 'number?' },
  },
} as const satisfies Record<string, ReasonDefinition>

export type SilenceReason = keyof typeof SILENCE
