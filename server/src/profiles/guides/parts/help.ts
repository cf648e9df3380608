import type { ProfileInput } from '../../profile-input.ts'
import type { Section } from '../guide.ts'
import { named, type Phrase, say, type Value } from '../phrase.ts'

/** Where somebody finds help, as the organisation wrote it. */
export function helpSection({ organization }: ProfileInput): Section {
  const { name, phone, email, url } = organization.helpDesk
  const lines: Phrase[] = [
    ...(name === undefined ? [] : [say('helpName', { name: named(name) })]),
    ...(phone === undefined ? [] : [say('helpPhone', { phone: telephone(phone) })]),
    ...(email === undefined
      ? []
      : [say('helpEmail', { email: { kind: 'link', url: `mailto:${email}`, text: email } })]),
    ...(url === undefined ? [] : [say('helpUrl', { url: { kind: 'link', url, text: url } })]),
  ]
  return {
    title: say('helpTitle'),
    blocks: [
      { kind: 'paragraph', say: say('helpIntro') },
      ...(lines.length === 0 ? [] : [{ kind: 'list', items: lines } as const]),
    ],
  }
}

/** RFC 3966: a global number is a plus and digits; anything else is shown without a link. */
function telephone(phone: string): Value {
  const digits = phone.replace(/[ ().\-/]/g, '')
  return /^\+\d{4,20}$/.test(digits) ? { kind: 'link', url: `tel:${digits}`, text: phone } : named(phone)
}
