import { element, type Html, type HtmlContent } from '../../guides/html-text.ts'

/** Where a page comes from and what it was asked for: it can be asked for again with one thing changed. */
export interface PageView {
  readonly action: string
  /** get: everything stands in the address; post: the page was opened by a code, which does not. */
  readonly method: 'get' | 'post'
  readonly fields: Readonly<Record<string, string>>
}

export interface SwitchOption {
  readonly value: string
  readonly label: HtmlContent
  readonly isCurrent: boolean
  readonly language?: string
}

/** Buttons that show the same page with one field changed: without a script, with or without a secret in the address. */
export function switchForm(
  { action, method, fields }: PageView,
  {
    name,
    label,
    without = [],
  }: { readonly name: string; readonly label: string; readonly without?: readonly string[] },
  options: readonly SwitchOption[],
): Html {
  const kept = Object.entries(fields).filter(([key]) => key !== name && !without.includes(key))
  const buttons = options.map((option) =>
    element(
      'button',
      {
        ...{ name, value: option.value },
        ...(option.isCurrent && { 'aria-current': 'true' }),
        ...(option.language !== undefined && { lang: option.language }),
      },
      option.label,
    ),
  )
  return element(
    'form',
    { class: 'switch', method, action, 'aria-label': label },
    kept.map(([key, value]) => hidden(key, value)),
    buttons,
  )
}

export const hidden = (name: string, value: string): Html => element('input', { type: 'hidden', name, value })
