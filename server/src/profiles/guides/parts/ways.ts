import type { TunnelType } from '../../../config/schema.ts'
import type { Section, Step } from '../guide.ts'
import { same } from '../label.ts'
import { say, ui } from '../phrase.ts'

const TUNNEL_NAMES = {
  ikev2: same('IKEv2'),
  sstp: same('SSTP'),
  l2tp: same('L2TP/IPsec'),
  pptp: same('PPTP'),
} as const

/** A section of steps for each tunnel; where there are several, it says which one to take. */
export function waySections(
  ways: readonly TunnelType[],
  stepsOf: (tunnel: TunnelType) => readonly Step[],
): readonly Section[] {
  const [first] = ways
  return ways.map((tunnel) => ({
    title: ways.length === 1 ? say('setUpTitle') : say('setUpByTitle', { tunnel: ui(TUNNEL_NAMES[tunnel]) }),
    blocks: [
      ...(ways.length === 1
        ? []
        : [{ kind: 'paragraph', say: tunnel === first ? say('firstWay') : say('otherWay') } as const]),
      { kind: 'steps', steps: stepsOf(tunnel) },
    ],
  }))
}
