import { LocalTime } from '../access/local-time.ts'
import type { Judgement } from '../access/served.ts'
import type { SourceConfiguration } from '../config/schema.ts'
import type { Snapshot } from '../config/snapshot.ts'
import { AuthenticationOrder } from '../identity/authentication-order.ts'
import type { Directories } from '../identity/ldap/directories.ts'
import type { DirectoryCaches } from '../identity/ldap/directory-caches.ts'
import { createLocalSource, type LocalSourceContext } from '../identity/local/create-local-source.ts'
import type { UserDirectory } from '../identity/local/stored-user.ts'
import { RadiusSource } from '../identity/radius/radius-source.ts'
import type { UpstreamCheck } from '../identity/radius/upstream-check.ts'
import { RealmTable } from '../identity/realms.ts'
import type { ShieldGuard } from '../identity/shield/shield-guard.ts'
import type { IdentitySource, ProofForm } from '../identity/source.ts'
import type { SourceStates } from '../identity/state/source-states.ts'
import { WatchedSource } from '../identity/state/watched-source.ts'
import { TacacsSource } from '../identity/tacacs/tacacs-source.ts'
import { WinbindSource } from '../identity/winbind/winbind-source.ts'
import type { Winbinds } from '../identity/winbind/winbinds.ts'
import { BugError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logging.ts'
import { compilePolicy } from '../policy/index.ts'
import { directorySource } from './directory-source.ts'

/** What identity sources stand on, whichever thread asks them. */
export interface JudgementContext {
  readonly sources: Omit<LocalSourceContext, 'directory'>
  readonly directory: (source: string) => UserDirectory
  /** Who asks other RADIUS servers about users. */
  readonly upstreams: UpstreamCheck
  /** Connections to LDAP directories, which outlive configuration versions. */
  readonly directories: Directories
  /** Keeps wrong passwords from using up what directories take before they lock an account. */
  readonly shield: ShieldGuard
  /** Helper processes of winbind, which outlive them too. */
  readonly winbinds: Winbinds
  /** What sources answer, and fail to. */
  readonly states: SourceStates
  /** What directories said. */
  readonly caches: DirectoryCaches
  /** Logins are decided here: what a directory last said may stand in for it. Sessions wait until it speaks again. */
  readonly isDoor: boolean
  readonly log: Logger
}

/**
 * Who users are and what the rules say of them: the part of a snapshot that decides a login, and decides it again while
 * its session lives. Throws where a part cannot be built.
 */
export async function compileJudgement(snapshot: Snapshot, context: JudgementContext): Promise<Judgement> {
  const { configuration } = snapshot
  const compiled = compilePolicy(configuration.rules, configuration.profiles)
  if (!compiled.ok) {
    const problems = compiled.problems.map((problem) => `${problem.path}: ${problem.message}`)
    throw new BugError('snapshot-invalid', 'A configuration that was applied does not compile.', { problems })
  }
  const sources = await Promise.all(
    configuration.sources.map((source) => createSource(source, configuration, context)),
  )
  const realms = new RealmTable(configuration.realms)
  const failed = (source: string, error: unknown): void =>
    context.log.error({ err: error, source }, `Identity source "${source}" failed.`)
  const order = new AuthenticationOrder(realms, sources, failed, configuration.sources)
  return {
    version: snapshot.version,
    policy: compiled.policy,
    order,
    realms,
    time: new LocalTime(configuration.settings.timeZone),
  }
}

/** One constructor a kind. */
async function createSource(
  source: SourceConfiguration,
  { settings, sources }: Snapshot['configuration'],
  context: JudgementContext,
): Promise<IdentitySource> {
  switch (source.kind) {
    case 'local':
      return await createLocalSource(source, settings.timeZone, {
        ...context.sources,
        directory: context.directory(source.name),
      })
    case 'radius':
      return watched(new RadiusSource(source, context.upstreams), context)
    case 'tacacs':
      return watched(new TacacsSource(source, () => context.sources.clock.monotonic()), context)
    case 'ldap':
      return directorySource(source, context).source
    case 'winbind': {
      const named = sources.find(({ name }) => name === source.directory)
      // It was checked before it was applied.
      if (named?.kind !== 'ldap')
        throw new BugError('snapshot-invalid', 'A winbind source names no ldap source.')
      const { source: directory, accounts, shield } = directorySource(named, context)
      const { groupDn } = named
      const winbind = context.winbinds.of(source)
      const made = new WinbindSource({ settings: source, directory, accounts, groupDn, winbind, shield })
      return watched(made, context, MSCHAP)
    }
  }
}

/** What winbind is asked about; the rest is its directory's. */
const MSCHAP: ReadonlySet<ProofForm> = new Set(['mschap', 'mschapv2'])

/** Sessions are decided without asking servers that want a proof: only a door learns whether they answer. */
function watched(
  source: IdentitySource,
  { states, isDoor }: JudgementContext,
  forms = source.forms,
): IdentitySource {
  return isDoor ? new WatchedSource(source, states, forms) : source
}
