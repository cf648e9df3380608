import type { Configuration, SourceConfiguration } from '../../config/schema.ts'
import { ActiveDirectory } from '../../identity/ldap/active-directory/active-directory.ts'
import { serversOf } from '../../identity/ldap/directories.ts'
import { genericDirectory } from '../../identity/ldap/generic/generic-directory.ts'
import { RequestError } from '../../kernel/errors.ts'
import { type Question, testDirectory } from './directory-test.ts'
import { type Step, Steps } from './steps.ts'
import { testTacacs } from './tacacs-test.ts'
import { testTrust } from './winbind-test.ts'

export interface SourceTestReport {
  readonly source: string
  readonly kind: SourceConfiguration['kind']
  /** No step failed. */
  readonly passed: boolean
  readonly steps: readonly Step[]
}

/**
 * Goes through an identity source step by step, on connections of its own: what logins know of its servers (breakers,
 * caches, the lock-out shield) plays no part, and learns nothing.
 *
 * @throws RequestError where there is no such source, or nothing to test
 */
export async function testSource(
  { sources }: Pick<Configuration, 'sources'>,
  name: string,
  question: Question,
): Promise<SourceTestReport> {
  const source = sources.find((each) => each.name === name)
  if (source === undefined)
    throw new RequestError('not-found', `There is no source "${name}"; sallyport sources lists them.`)
  const steps = new Steps()
  await run(source, sources, question, steps)
  const passed = steps.all.every(({ outcome }) => outcome !== 'failed')
  return { source: name, kind: source.kind, passed, steps: steps.all }
}

async function run(
  source: SourceConfiguration,
  sources: readonly SourceConfiguration[],
  question: Question,
  steps: Steps,
): Promise<void> {
  switch (source.kind) {
    case 'ldap': {
      const type = source.type === 'generic' ? genericDirectory : new ActiveDirectory()
      return await testDirectory({ settings: source, servers: serversOf(source), type }, question, steps)
    }
    case 'tacacs':
      return await testTacacs(source, question, steps)
    case 'winbind': {
      await testTrust(source, steps)
      const directory = sources.find(({ name }) => name === source.directory)
      return directory === undefined ? undefined : await run(directory, sources, question, steps)
    }
    case 'local':
      throw new RequestError(
        'request-invalid',
        `Source "${source.name}" keeps its users here; nothing is asked elsewhere.`,
      )
    case 'radius':
      throw new RequestError(
        'request-invalid',
        `Source "${source.name}" asks RADIUS servers: see sallyport upstreams.`,
      )
  }
}
