import { hash, randomInt } from 'node:crypto'
import type { GeneralName } from '@sallyport/pki'
import { ipOctets } from '@sallyport/pki'
import type { EnrolmentIdentity, Requester } from '../registration/requester.ts'
import type { ChallengeRecord } from './challenge-store.ts'

/** Names the certificate may hold beside those of the account: for templates with `names: proved`. */
export interface ChallengeNames {
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
}

/** No letters or digits that are taken for each other, because people type it. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const GROUPS = 5
const GROUP_LENGTH = 5

/** `XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`: 125 random bits, in letters every client can put into a challenge password. */
export function newChallenge(): string {
  return Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(''),
  ).join('-')
}

/** Typed in any case, with or without hyphens. So many bits need no slow hash. */
export function challengeHash(challenge: string): string {
  return hash('sha256', challenge.toUpperCase().replace(/[\s-]/g, ''), 'hex')
}

export function challengeHolder({ user_name, device_id }: ChallengeRecord): string {
  return user_name ?? `device ${device_id ?? ''}`
}

/** Who asks, when a challenge proved it. */
export function challengeRequester(
  challenge: ChallengeRecord,
  identity: EnrolmentIdentity | undefined,
  from: string,
): Requester {
  const { id, template, device_id: deviceId } = challenge
  const provedNames = namesOf(challenge)
  return {
    by: 'challenge',
    name: `${challengeHolder(challenge)} (challenge ${id})`,
    from,
    boundTemplate: template,
    ...(identity !== undefined && { identity }),
    ...(deviceId !== null && { deviceId }),
    ...(provedNames.length > 0 && { provedNames }),
  }
}

function namesOf({ names }: ChallengeRecord): GeneralName[] {
  const { dns = [], ip = [] } = JSON.parse(names) as ChallengeNames // written by Challenges.create alone
  return [
    ...dns.map((name): GeneralName => ({ kind: 'dns', name })),
    ...ip.map((address): GeneralName => ({ kind: 'ip', octets: ipOctets(address) })),
  ]
}
