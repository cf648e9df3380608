import { basicConstraints, keyUsage } from '../../src/issue/extension-encoders.ts'
import { anchor, ca, type Entity, endEntity, type Forgery, selfIssued } from './forge.ts'
import { type Chain, type PkitsCase, path } from './pkits-case.ts'

const BASIC_CONSTRAINTS = basicConstraints(true).oid

function underCa(as: Forgery): Chain {
  const root = anchor()
  const odd = ca(root, 'Odd CA', as)
  return path([root, odd, endEntity(odd)])
}

/** CAs below the anchor by their path length constraint; 'self' is a self-issued rollover. */
function pathLengths(...constraints: readonly (number | undefined | 'self')[]): Chain {
  const entities: Entity[] = [anchor()]
  for (const [index, constraint] of constraints.entries()) {
    const above = entities.at(-1) as Entity // the anchor at least
    entities.push(
      constraint === 'self'
        ? selfIssued(above)
        : ca(above, `pathLenConstraint CA ${index}`, { extensions: [basicConstraints(true, constraint)] }),
    )
  }
  return path([...entities, endEntity(entities.at(-1) as Entity)])
}

export const SECTION_4_6_TO_4_7: readonly PkitsCase[] = [
  {
    number: '4.6.1',
    title: 'Invalid Missing basicConstraints',
    expect: 'not-a-ca',
    build: () => underCa({ without: [BASIC_CONSTRAINTS] }),
  },
  {
    number: '4.6.2',
    title: 'Invalid cA False (critical)',
    expect: 'not-a-ca',
    build: () => underCa({ extensions: [basicConstraints(false)] }),
  },
  {
    number: '4.6.3',
    title: 'Invalid cA False (not critical)',
    expect: 'not-a-ca',
    build: () => underCa({ extensions: [{ ...basicConstraints(false), critical: false }] }),
  },
  {
    number: '4.6.4',
    title: 'Valid basicConstraints Not Critical',
    expect: 'valid',
    build: () => underCa({ extensions: [{ ...basicConstraints(true), critical: false }] }),
  },
  {
    number: '4.6.5',
    title: 'Invalid pathLenConstraint',
    expect: 'path-too-long',
    build: () => pathLengths(0, undefined),
  },
  { number: '4.6.7', title: 'Valid pathLenConstraint', expect: 'valid', build: () => pathLengths(0) },
  {
    number: '4.6.9',
    title: 'Invalid pathLenConstraint (6, 0, 0)',
    expect: 'path-too-long',
    build: () => pathLengths(6, 0, 0),
  },
  {
    number: '4.6.11',
    title: 'Invalid pathLenConstraint (6, 1, 1, none)',
    expect: 'path-too-long',
    build: () => pathLengths(6, 1, 1, undefined),
  },
  {
    number: '4.6.13',
    title: 'Valid pathLenConstraint (6, 4, 1, none)',
    expect: 'valid',
    build: () => pathLengths(6, 4, 1, undefined),
  },
  {
    number: '4.6.15',
    title: 'Valid Self-Issued pathLenConstraint',
    expect: 'valid',
    build: () => pathLengths(0, 'self'),
  },
  {
    number: '4.6.16',
    title: 'Invalid Self-Issued pathLenConstraint',
    expect: 'path-too-long',
    build: () => pathLengths(0, 'self', undefined),
  },
  {
    number: '4.6.17',
    title: 'Valid Self-Issued pathLenConstraint (1, self, 0, self)',
    expect: 'valid',
    build: () => pathLengths(1, 'self', 0, 'self'),
  },
  {
    number: '4.7.1',
    title: 'Invalid keyUsage Critical keyCertSign False',
    expect: 'not-a-ca',
    build: () => underCa({ extensions: [keyUsage('cRLSign')] }),
  },
  {
    number: '4.7.2',
    title: 'Invalid keyUsage Not Critical keyCertSign False',
    expect: 'not-a-ca',
    build: () => underCa({ extensions: [{ ...keyUsage('cRLSign'), critical: false }] }),
  },
  {
    number: '4.7.3',
    title: 'Valid keyUsage Not Critical',
    expect: 'valid',
    build: () => underCa({ extensions: [{ ...keyUsage('keyCertSign', 'cRLSign'), critical: false }] }),
  },
]
