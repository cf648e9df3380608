import type { Reason } from '../../reasons/index.ts'

/** The source whose silence left a login without an answer; undefined where something else did. */
export function silentSource({ code, values }: Reason): string | undefined {
  if (code !== 'source-unavailable' && code !== 'directory-service-account-refused') return undefined
  return typeof values.source === 'string' ? values.source : undefined
}
