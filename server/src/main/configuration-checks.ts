import { RadiusError } from '@sallyport/radius'
import { checkDynamicAuthorization } from '../access/dynamic-authorization/setting-checks.ts'
import { checkMacAuthentication } from '../access/mab/mac-checks.ts'
import { compileProxies } from '../access/proxy/realm-proxy.ts'
import type { Check, Problem } from '../config/problem.ts'
import type { Configuration, PasswordStorage } from '../config/schema.ts'
import { checkChallengeValidators } from '../enrolment/challenges/validator-check.ts'
import { lintTemplates } from '../enrolment/registration/linter/lint-templates.ts'
import { checkTemplateReferences } from '../enrolment/registration/template-references.ts'
import { checkServerCertificate } from '../enrolment/server-certificate-check.ts'
import { resolveTrust } from '../enrolment/trust.ts'
import { checkMethods, storagesOfUsers } from '../identity/checks.ts'
import { checkDirectories } from '../identity/directory-checks.ts'
import type { UserStore } from '../identity/local/user-store.ts'
import { checkOrder } from '../identity/order-checks.ts'
import { checkRealmPatterns } from '../identity/realm-checks.ts'
import { ConfigError } from '../kernel/errors.ts'
import { compilePolicy } from '../policy/index.ts'
import { profileChecks } from './profile-checks.ts'
import { checkUpstreamLoops, type OwnPorts } from './upstream-loop-check.ts'

/**
 * What the features have to say about a configuration, besides what config/ checks itself.
 *
 * @param storages forms in which passwords of users are kept now
 * @param now milliseconds since the epoch
 * @param ports where this server listens
 */
export function configurationChecks(
  storages: () => ReadonlySet<PasswordStorage>,
  now: () => number,
  ports: OwnPorts,
): readonly Check[] {
  const methods: Check = (configuration, { users = [] }) =>
    checkMethods(configuration, new Set([...storages(), ...storagesOfUsers(users)]))
  const certificates: Check = (configuration) => serverCertificateCheck(configuration, now())
  return [
    policyCheck,
    profileChecks,
    certificates,
    trustCheck,
    methods,
    checkDirectories,
    checkOrder,
    checkMacAuthentication,
    checkRealmPatterns,
    rewritingCheck,
    (configuration) => checkUpstreamLoops(configuration, ports),
    checkDynamicAuthorization,
    lintTemplates,
    checkChallengeValidators,
    checkTemplateReferences,
  ]
}

function policyCheck({ rules, profiles }: Configuration): Problem[] {
  const compiled = compilePolicy(rules, profiles)
  const problems = compiled.ok ? compiled.warnings : compiled.problems
  // Names of profiles are looked up with the other references of the document, which knows the line.
  const others = problems.filter(({ code }) => code !== 'profile-unknown')
  return others.map(({ position, ...problem }) =>
    position === undefined
      ? problem
      : { ...problem, message: `${problem.message} (character ${position + 1} of the condition)` },
  )
}

/** Remembers in which forms passwords are kept, because a check cannot wait for the database. */
export class KeptStorages {
  readonly #users: UserStore
  #current: ReadonlySet<PasswordStorage> = new Set()

  constructor(users: UserStore) {
    this.#users = users
  }

  get current(): ReadonlySet<PasswordStorage> {
    return this.#current
  }

  async refresh(): Promise<void> {
    this.#current = await this.#users.storages()
  }
}

function serverCertificateCheck({ serverCertificates }: Configuration, now: number): Problem[] {
  return serverCertificates.flatMap((entry) =>
    entry.kind === 'own'
      ? []
      : checkServerCertificate(entry, now).map(({ field, ...finding }) => ({
          path: `serverCertificates/${entry.name}/${field}`,
          ...finding,
        })),
  )
}

/** What cannot be written would turn every login of the realm away: better said now. */
function rewritingCheck({ realms }: Configuration): Problem[] {
  return realms.flatMap((realm) => {
    try {
      compileProxies([realm])
      return []
    } catch (error) {
      if (!(error instanceof RadiusError)) throw error
      return [invalid(`realms/${realm.name}/proxy`, `attribute-${error.code}`, error.message)]
    }
  })
}

const NO_OWN_AUTHORITY = { name: 'own', anchors: [], intermediates: [], crls: [] }

function trustCheck({ trust }: Configuration): Problem[] {
  return trust.flatMap((entry) => {
    try {
      resolveTrust([entry], NO_OWN_AUTHORITY, 0)
      return []
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return [invalid(`trust/${entry.name}`, error.code, error.message)]
    }
  })
}

function invalid(path: string, code: string, message: string): Problem {
  return { path, severity: 'error', code, message }
}
