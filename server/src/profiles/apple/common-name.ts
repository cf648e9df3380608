import type { Certificate } from '@sallyport/pki'

const COMMON_NAME = '2.5.4.3'

/** The most specific common name of the subject; undefined where it has none. */
export function commonNameOf({ subject }: Certificate): string | undefined {
  return subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text
}
