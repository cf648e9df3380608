import { element } from '../../guides/html-text.ts'
import { framed, type PageFrame } from './frame.ts'
import { PAGE_TEXTS } from './page-language.ts'
import { hidden } from './switch-form.ts'

/** Where a code is typed, or a name and a password. */
export function startPage(
  frame: PageFrame,
  { hasSelfService }: { readonly hasSelfService: boolean },
): string {
  const { title, code, login } = PAGE_TEXTS[frame.language]
  const language = hidden('lang', frame.language)
  const codeForm = element(
    'form',
    { method: 'post', action: '/connect' },
    ...[language, element('label', { for: 'code' }, code.label)],
    element('input', {
      ...{ id: 'code', name: 'code', class: 'code', required: '', maxlength: '20' },
      ...{ autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', placeholder: 'XXXX-XXXX' },
    }),
    element('button', {}, code.button),
  )
  const loginForm = element(
    'form',
    { method: 'post', action: '/connect/login' },
    ...[language, element('label', { for: 'name' }, login.name)],
    element('input', {
      ...{ id: 'name', name: 'name', required: '', maxlength: '256', autocomplete: 'username' },
      ...{ autocapitalize: 'none', spellcheck: 'false' },
    }),
    element('label', { for: 'password' }, login.password),
    element('input', {
      ...{ id: 'password', name: 'password', type: 'password', required: '', maxlength: '512' },
      autocomplete: 'current-password',
    }),
    element('button', {}, login.button),
  )
  return framed(frame, title, [
    element('h2', {}, code.title),
    codeForm,
    hasSelfService ? [element('h2', {}, login.title), loginForm] : [],
  ])
}

export type NoteKind = 'gone' | 'wait' | 'approval' | 'refused' | 'unavailable' | 'wrong' | 'nothing'

/** Why there is no file. */
export function notePage(frame: PageFrame, kind: NoteKind, seconds = 0): string {
  const texts = PAGE_TEXTS[frame.language]
  const [title, text] = texts[kind]
  return framed(frame, title, [
    element('p', {}, text.replace('{seconds}', String(seconds))),
    kind !== 'gone'
      ? []
      : element(
          'ul',
          {},
          texts.afterGone.map((line) => element('li', {}, line)),
        ),
    element('p', {}, element('a', { href: `/connect?lang=${frame.language}` }, texts.code.title)),
  ])
}
