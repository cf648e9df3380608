import type { LinkSystem } from '../link-outputs.ts'

const MARKS: readonly (readonly [RegExp, LinkSystem])[] = [
  // Android says Linux as well, and so has to come first.
  [/android/i, 'android'],
  [/windows/i, 'windows'],
  [/iphone|ipad|macintosh/i, 'apple'],
  [/linux|x11/i, 'linux'],
]

/** Which button stands first. A guess: the header says what it likes, and nothing rests on it. */
export function browserSystem(userAgent: string | undefined): LinkSystem | undefined {
  const text = (userAgent ?? '').slice(0, 500)
  return MARKS.find(([mark]) => mark.test(text))?.[1]
}
