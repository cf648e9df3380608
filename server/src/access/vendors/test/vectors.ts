/** Vectors of `vectors.txt`: what a profile becomes for a vendor, one block each. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { profileSchema } from '../../../config/sections/profiles.ts'
import { mergeProfiles } from '../../../policy/authorization.ts'
import type { Authorization } from '../../../policy/index.ts'
import { authorizationAttributes } from '../../authorization-attributes.ts'
import { readableReply } from '../../readable-attributes.ts'

export interface Vector {
  readonly vendor: string
  readonly title: string
  readonly authorization: Authorization
  /** Lines `Name = value`, or one `refused: ...`. */
  readonly expected: readonly string[]
}

export function readVectors(): Vector[] {
  const text = readFileSync(join(import.meta.dirname, 'vectors.txt'), 'utf8')
  return text
    .split(/^--- /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...rest] = block.trimEnd().split('\n')
      const [vendor = '', title = ''] = head.split(': ')
      const arrow = rest.indexOf('=>')
      if (arrow < 0) throw new Error(`no => in "${head}"`)
      const profile = profileSchema.parse({ name: 'staff', ...parse(rest.slice(0, arrow).join('\n')) })
      const { authorization } = mergeProfiles([profile])
      return { vendor, title, authorization, expected: rest.slice(arrow + 1).filter((line) => line !== '') }
    })
}

/** What the vector comes to, in the form of its expectation. */
export function outcomeOf({ authorization, vendor }: Pick<Vector, 'authorization' | 'vendor'>): string[] {
  try {
    return readableReply(authorizationAttributes(authorization, vendor)).map(
      ({ name, value }) => `${name} = ${value}`,
    )
  } catch (error) {
    return [`refused: ${error instanceof Error ? error.message : String(error)}`]
  }
}
