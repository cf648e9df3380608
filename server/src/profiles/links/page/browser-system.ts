import type { LinkSystem } from '../link-outputs.ts'

/** What a browser says it runs on. */
export interface BrowserSystem {
  readonly system: LinkSystem
  /** Output of the guide for its version; absent: it does not say which. */
  readonly guide?: string
}

const MARKS: readonly (readonly [RegExp, BrowserSystem])[] = [
  // Android says Linux as well, and so has to come first.
  [/android/i, { system: 'android' }],
  // Windows 10 and 11 both say 10.0.
  [/windows nt 6\.1/i, { system: 'windows', guide: 'guide-windows-7' }],
  [/windows nt 6\.[23]/i, { system: 'windows', guide: 'guide-windows-8' }],
  [/windows/i, { system: 'windows' }],
  [/iphone|ipad/i, { system: 'apple', guide: 'guide-ios' }],
  [/macintosh/i, { system: 'apple', guide: 'guide-macos' }],
  [/linux|x11/i, { system: 'linux' }],
]

/** What stands first. A guess: the header says what it likes, and nothing rests on it. */
export function browserSystem(userAgent: string | undefined): BrowserSystem | undefined {
  const text = (userAgent ?? '').slice(0, 500)
  return MARKS.find(([mark]) => mark.test(text))?.[1]
}
