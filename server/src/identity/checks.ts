import type { Problem } from '../config/problem.ts'
import {
  type Configuration,
  PASSWORD_STORAGES,
  type PasswordStorage,
  type RuleConfiguration,
  type SourceConfiguration,
} from '../config/schema.ts'
import { FORMS_OF_STORAGE } from './local/proof-check.ts'
import { FORM_OF_METHOD, type MethodName } from './method-forms.ts'
import type { ProofForm } from './source.ts'
import { abilityOf, formsOfSource } from './source-forms.ts'

/**
 * Rules whose methods no identity source can verify: somebody would wonder for a day why every login fails. An error
 * where nothing a rule lists can work, a warning for each listed method that cannot.
 *
 * @param storages Forms in which passwords of users are kept, or will be after this document, beside the defaults of the
 *   sources (`UserStore.storages`, `storagesOfUsers`).
 */
export function checkMethods(
  configuration: Configuration,
  storages: ReadonlySet<PasswordStorage> = new Set(),
): readonly Problem[] {
  const reached = new Set(configuration.realms.flatMap((realm) => realm.sources))
  const sources = configuration.sources.filter(({ name }) => reached.has(name))
  // Realms without sources are another check's matter.
  if (sources.length === 0) return []
  const forms = new Set(sources.flatMap((source) => [...formsOfSource(source, storages)]))
  return configuration.rules
    .filter((rule) => rule.effect === 'accept')
    .flatMap((rule) => checkRule(rule, forms, sources))
}

/** Forms that users of a document ask for themselves: the raw `users:` list. */
export function storagesOfUsers(users: readonly unknown[]): Set<PasswordStorage> {
  const asked = users.map((user) =>
    typeof user === 'object' && user !== null && 'passwordStorage' in user ? user.passwordStorage : undefined,
  )
  return new Set(PASSWORD_STORAGES.filter((storage) => asked.includes(storage)))
}

function checkRule(
  rule: RuleConfiguration,
  forms: ReadonlySet<ProofForm>,
  sources: readonly SourceConfiguration[],
): Problem[] {
  const { outer, inner } = rule.methods
  const isVerifiable = (method: MethodName): boolean => {
    const form = FORM_OF_METHOD[method]
    if (form === 'mac-store' || form === 'upstream') return true
    return form === 'tunnel' ? (inner?.some(isVerifiable) ?? true) : forms.has(form)
  }
  const listed = new Set([...(outer ?? []), ...(inner ?? [])])
  const unverifiable = [...listed].filter(
    (method) => FORM_OF_METHOD[method] !== 'tunnel' && !isVerifiable(method),
  )
  if (unverifiable.length === 0) return []
  const nothingWorks = outer?.every((method) => !isVerifiable(method)) ?? false
  const path = `rules/${rule.name}/methods`
  const cure = cureFor(unverifiable, sources)
  const abilities = sources.map(abilityOf).join(', ')
  const otherwise = sources.some(({ kind }) => kind === 'local')
    ? ", and no user's password is kept otherwise"
    : ''
  if (nothingWorks) {
    const message = `No source can verify what this rule allows (${unverifiable.join(', ')}): ${abilities}${otherwise}.`
    return [{ path, severity: 'error', code: 'methods-unverifiable', message: `${message} ${cure}` }]
  }
  const message = `No source can verify ${unverifiable.join(', ')}: ${abilities}. Logins that use it will fail.`
  return [{ path, severity: 'warning', code: 'method-unverifiable', message: `${message} ${cure}` }]
}

function cureFor(methods: readonly MethodName[], sources: readonly SourceConfiguration[]): string {
  const needed = new Set(methods.map((method) => FORM_OF_METHOD[method]))
  const has = (kind: SourceConfiguration['kind']): boolean => sources.some((source) => source.kind === kind)
  const cures: string[] = []
  if (has('ldap') && (needed.has('mschap') || needed.has('mschapv2'))) cures.push(USE_WINBIND)
  if (has('local')) cures.push(storageFor(needed))
  cures.push('Or allow a method that needs only the password: pap, eap-gtc, eap-tls.')
  return cures.join(' ')
}

/** MPPE derives its keys from MS-CHAP (RFC 3079), or takes them from EAP-TLS: PAP leaves PPTP without any. */
export const USE_WINBIND =
  'LDAP can verify PAP and GTC only; a PPTP tunnel would then be unencrypted: use winbind or RADIUS.'

function storageFor(needed: ReadonlySet<string>): string {
  const storages = PASSWORD_STORAGES.filter((storage) => {
    const forms: ReadonlySet<string> = FORMS_OF_STORAGE[storage]
    return [...needed].every((form) => forms.has(form))
  })
  const which = needed.size === 1 ? 'this method' : 'these methods'
  return (
    `For ${which} set passwordStorage of the local source (or of the users) to ${storages.join(' or ')} ` +
    'and set the passwords again.'
  )
}
