import { stringify } from 'yaml'
import { openConfiguration, withReferences } from '../../config/secrets.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function configurationApi({
  configuration,
  sealer,
  beforePlan,
  written,
  servedVersion,
}: ApiParts): Services['configuration'] {
  /** What is stored and not served must not be reported as done. */
  const served = async (version: number): Promise<void> => {
    await written()
    if ((await servedVersion()) >= version) return
    const message = `Version ${version} is stored, but could not be served: the version before still is. The server's log says why.`
    throw new RequestError('configuration-not-served', message, { version })
  }
  return {
    export: async (version) => {
      if (version === undefined)
        return { document: await configuration.export(), version: configuration.snapshot.version }
      try {
        const stored = await configuration.version(version)
        const document = withReferences(openConfiguration(stored.document, sealer))
        return { version, document: stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }) }
      } catch (error) {
        if (error instanceof RequestError && error.code === 'no-such-version') return undefined
        throw error
      }
    },
    versions: async ({ limit, cursor }) => {
      const before = cursor === undefined ? undefined : Number(cursor)
      const versions = await configuration.versions({ limit: limit + 1, ...optional('before', before) })
      const shown = versions.slice(0, limit)
      const last = versions.length > limit ? shown.at(-1) : undefined
      const items = shown.map(({ number, createdAt, author, comment }) => ({
        number,
        createdAt: instant(createdAt),
        author,
        comment,
      }))
      return { items, ...optional('next', last === undefined ? undefined : String(last.number)) }
    },
    plan: async ({ document, prune }) => {
      await beforePlan()
      const { baseVersion, changes, problems } = await configuration.plan(document, { prune })
      return { baseVersion, changes: [...changes], problems }
    },
    apply: async ({ document, prune, baseVersion, comment }, author) => {
      await beforePlan()
      const plan = await configuration.plan(document, { prune })
      const { version, generated } = await configuration.apply(plan, {
        author,
        comment,
        ...optional('baseVersion', baseVersion),
      })
      await served(version)
      return { version, changes: [...plan.changes], problems: plan.problems, generated: [...generated] }
    },
    rollback: async ({ version, comment }, author) => {
      await beforePlan()
      const rolledBack = await configuration.rollback(version, {
        author,
        ...(comment === '' ? {} : { comment }),
      })
      await served(rolledBack.version)
      return rolledBack
    },
  }
}
