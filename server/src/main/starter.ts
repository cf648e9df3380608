import { randomBytes, randomInt } from 'node:crypto'
import { stringify } from 'yaml'

/** What the first start makes, so that a login works at once. Shown once. */
export interface Starter {
  readonly document: string
  readonly user: string
  readonly password: string
  readonly secret: string
  readonly client: string
}

/**
 * One RADIUS client (this machine), one demo user in one group, one rule that lets the group in. The demo user's password
 * is kept reversible, so that every method can be tried; new users get argon2id.
 */
export function starter(): Starter {
  const password = words()
  const secret = randomBytes(24).toString('base64url')
  const document = stringify({
    clients: [{ name: 'this-machine', address: '127.0.0.1', secret }],
    sources: [{ name: 'local', kind: 'local' }],
    realms: [{ name: 'default', default: true, sources: ['local'] }],
    trust: [{ name: 'own', kind: 'own' }],
    certificateTemplates: [{ name: 'user', enrol: { groups: ['VPN Users'] } }],
    profiles: [{ name: 'standard', sessionTimeoutSeconds: 28_800 }],
    rules: [
      { name: 'vpn-users', when: '"VPN Users" in user.groups', effect: 'accept', profiles: ['standard'] },
    ],
    groups: [{ name: 'VPN Users' }],
    users: [{ name: 'demo', password, passwordStorage: 'reversible', groups: ['VPN Users'] }],
  })
  return { document, user: 'demo', password, secret, client: 'this-machine' }
}

const SYLLABLES =
  'ba be bi bo bu da de di do du fa fe fi fo fu ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo vu za ze zi zo zu'.split(
    ' ',
  )

/** Four words of three syllables: 70 bits that can be typed on a phone. */
export function words(): string {
  const word = (): string => Array.from({ length: 3 }, () => SYLLABLES[randomInt(SYLLABLES.length)]).join('')
  return Array.from({ length: 4 }, word).join('-')
}
