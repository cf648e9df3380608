import type { Problem } from '../config/problem.ts'
import {
  type Configuration,
  PASSWORD_STORAGES,
  type PasswordStorage,
  type RuleConfiguration,
} from '../config/schema.ts'
import { FORMS_OF_STORAGE } from './local/proof-check.ts'
import { RADIUS_FORMS } from './radius/radius-source.ts'
import type { ProofForm } from './source.ts'

type MethodName = NonNullable<RuleConfiguration['methods']['outer']>[number]

/** What a method asks a source to check; a tunnel asks nothing itself; MAC authentication bypass and a proxied login ask no source. */
const FORM_OF_METHOD: Readonly<Record<MethodName, ProofForm | 'tunnel' | 'mac-store' | 'upstream'>> = {
  pap: 'password',
  chap: 'chap',
  mschap: 'mschap',
  mschapv2: 'mschapv2',
  'eap-md5': 'chap',
  'eap-gtc': 'password',
  'eap-mschapv2': 'mschapv2',
  'eap-tls': 'certificate',
  peap: 'tunnel',
  'eap-ttls': 'tunnel',
  mab: 'mac-store',
  proxied: 'upstream',
}

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
  const local = sources.filter((source) => source.kind === 'local')
  const kept = new Set([
    ...(local.length === 0 ? [] : storages),
    ...local.map(({ passwordStorage }) => passwordStorage),
  ])
  const forms = new Set([...kept].flatMap((storage) => [...FORMS_OF_STORAGE[storage]]))
  if (local.length < sources.length) for (const form of RADIUS_FORMS) forms.add(form)
  const defaults = sources.map((source) =>
    source.kind === 'local'
      ? `source '${source.name}' keeps ${source.passwordStorage}`
      : `source '${source.name}' asks upstreams, which check passwords alone`,
  )
  return configuration.rules
    .filter((rule) => rule.effect === 'accept')
    .flatMap((rule) => checkRule(rule, forms, defaults.join(', ')))
}

/** Forms that users of a document ask for themselves: the raw `users:` list. */
export function storagesOfUsers(users: readonly unknown[]): Set<PasswordStorage> {
  const asked = users.map((user) =>
    typeof user === 'object' && user !== null && 'passwordStorage' in user ? user.passwordStorage : undefined,
  )
  return new Set(PASSWORD_STORAGES.filter((storage) => asked.includes(storage)))
}

function checkRule(rule: RuleConfiguration, forms: ReadonlySet<ProofForm>, defaults: string): Problem[] {
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
  const cure = cureFor(unverifiable)
  if (nothingWorks) {
    const message =
      `No source can verify what this rule allows (${unverifiable.join(', ')}): ${defaults}, ` +
      `and no user's password is kept otherwise.`
    return [{ path, severity: 'error', code: 'methods-unverifiable', message: `${message} ${cure}` }]
  }
  const message = `No source can verify ${unverifiable.join(', ')}: ${defaults}. Logins that use it will fail.`
  return [{ path, severity: 'warning', code: 'method-unverifiable', message: `${message} ${cure}` }]
}

function cureFor(methods: readonly MethodName[]): string {
  const needed = methods.map((method) => FORM_OF_METHOD[method])
  const storages = PASSWORD_STORAGES.filter((storage) =>
    needed.every(
      (form) =>
        form === 'tunnel' ||
        form === 'mac-store' ||
        form === 'upstream' ||
        FORMS_OF_STORAGE[storage].has(form),
    ),
  )
  const isOrAre = methods.length === 1 ? 'this method' : 'these methods'
  return (
    `For ${isOrAre} set passwordStorage of the source (or of the users) to ${storages.join(' or ')} ` +
    'and set the passwords again, or allow a method that needs only the password: pap, eap-gtc, eap-tls.'
  )
}
