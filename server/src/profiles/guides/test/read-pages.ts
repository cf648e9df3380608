import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { skipReason } from '@sallyport/lab/debian'

/** A page as an independent parser of HTML sees it. */
export interface ReadPage {
  /** Each with the names of its attributes, in their order. */
  readonly tags: readonly (readonly string[])[]
  readonly text: string
  /** Values of href and src. */
  readonly links: readonly string[]
  /** Rows of the tables of values, and lines to be typed: heading of the section, name, value. */
  readonly fields: readonly (readonly string[])[]
  /** What is to be typed or compared, character by character. */
  readonly exact: readonly string[]
  readonly errors: readonly string[]
}

/** Debian's Python, which comes with this package. */
export const withoutPython = skipReason('python3-lxml')

export function readPages(pages: readonly string[]): readonly ReadPage[] {
  const script = fileURLToPath(new URL('read-pages.py', import.meta.url))
  const output = execFileSync('/usr/bin/python3', [script], {
    input: JSON.stringify(pages),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  return JSON.parse(output) as ReadPage[] // made by the script
}
