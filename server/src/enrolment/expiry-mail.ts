import { DAY } from './authority.ts'
import { type Ending, WARN_DAYS } from './expiry-watch.ts'
import { type IssuedEndings, NAMES_SHOWN } from './issued-endings.ts'

/** Whether one of the steps was reached after `since`. */
export function hasCrossed({ notAfter }: Pick<Ending, 'notAfter'>, since: number, now: number): boolean {
  return [...WARN_DAYS, 0].some((step) => notAfter - step * DAY > since && notAfter - step * DAY <= now)
}

/** One mail about all that ends. Names stand in the text alone, each on its one line. */
export function expiryMail(
  endings: readonly Ending[],
  { within, first, isCut }: Pick<IssuedEndings, 'within' | 'first' | 'isCut'>,
  host: string,
): { readonly subject: string; readonly text: string } {
  const issued = within.get(WARN_DAYS[0]) ?? 0
  const counts = WARN_DAYS.map((step) => `${within.get(step) ?? 0} within ${step} days`)
  const lines = [
    ...(endings.length === 0
      ? []
      : [
          'Of this server (logins that need them fail after the end):',
          ...endings.map(
            ({ kind, name, subject, notAfter }) => `- ${dateOf(notAfter)}  ${kind} "${name}", ${subject}`,
          ),
          '',
        ]),
    ...(issued === 0
      ? []
      : [
          `Issued certificates that were not renewed${isCut ? ' (at least)' : ''}: ${counts.join(', ')}.`,
          ...first.map(({ not_after, subject, serial }) => `- ${dateOf(not_after)}  ${subject}, ${serial}`),
          ...(issued > NAMES_SHOWN ? ['- and more'] : []),
          'All of them: npx sallyport certificates expiring',
          '',
        ]),
    `Sallyport on ${host}`,
  ]
  const count = endings.length + issued
  return {
    subject: `Sallyport: ${isCut ? 'at least ' : ''}${count} ${count === 1 ? 'certificate ends' : 'certificates end'} within 30 days`,
    text: `${lines.map(oneLine).join('\n')}\n`,
  }
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
}
