/** People who log in one after the other, as long as it lasts. */
import { LDAP_PASSWORD } from '../../slapd/people.ts'
import { LOCAL_PASSWORD, type OutageHouse } from './house.ts'

export type Group = 'local' | 'certificate' | 'kept' | 'directory' | 'wrong'

export interface Attempt {
  readonly group: Group
  readonly answer: 'accept' | 'reject' | 'silence'
  /** From the start of the load, milliseconds. */
  readonly at: number
  readonly milliseconds: number
}

/** Shorter than a device waits: an attempt that waits for nothing makes room for the next one. */
const SECONDS = 3

/** Runs until `during` is over, and lets what is under way end. */
export async function underLoad(
  house: OutageHouse,
  during: (elapsed: () => number) => Promise<void>,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  let isOver = false
  const loop = async (group: Group, attempt: () => Promise<Attempt['answer']>): Promise<void> => {
    while (!isOver) {
      const at = elapsed()
      const answer = await attempt()
      attempts.push({ group, answer, at, milliseconds: elapsed() - at })
    }
  }
  const pap = (user: string, password: string) => async () =>
    answerOf((await house.login(user, password, SECONDS)).code)
  const loops = [
    loop('local', pap('lola@local.test', LOCAL_PASSWORD)),
    loop('local', pap('lola@local.test', LOCAL_PASSWORD)),
    loop('directory', pap('alice@staff.test', LDAP_PASSWORD)),
    loop('directory', pap('dave@staff.test', LDAP_PASSWORD)),
    loop('wrong', pap('bob@staff.test', 'not-the-password')),
    loop('wrong', pap('bob@kept.test', 'not-the-password')),
    loop('kept', pap('alice@kept.test', LDAP_PASSWORD)),
    loop('certificate', async () => {
      const { accepted, rejected } = await house.loginByCertificate()
      return accepted ? 'accept' : rejected ? 'reject' : 'silence'
    }),
  ]
  try {
    await during(elapsed)
  } finally {
    isOver = true
    await Promise.all(loops)
  }
  return attempts
}

function answerOf(code: string | undefined): Attempt['answer'] {
  return code === 'Access-Accept' ? 'accept' : code === 'Access-Reject' ? 'reject' : 'silence'
}

export function percentile(attempts: readonly Attempt[], share: number): number {
  const sorted = attempts.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}
