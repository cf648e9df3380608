import type { SessionActor } from '../../access/session-grants/session-actor.ts'
import { SessionGrantKind } from '../../access/session-grants/session-grant-kind.ts'
import { SessionGrantStore } from '../../access/session-grants/session-grant-store.ts'
import { SessionJudge } from '../../access/session-grants/session-judge.ts'
import type { ConfigurationService } from '../../config/apply.ts'
import { CertificateStandings } from '../../enrolment/certificate-standings.ts'
import { CertificateStore } from '../../enrolment/certificate-store.ts'
import type { RevocationService } from '../../enrolment/revocation/revocation-service.ts'
import { ChangeStore } from '../../grants/change-store.ts'
import type { Fact, GrantKind } from '../../grants/grant-kind.ts'
import { GrantStore } from '../../grants/grant-store.ts'
import { Grants } from '../../grants/grants.ts'
import { Intake } from '../../grants/intake.ts'
import { Outbox, type OutboxSettings } from '../../grants/outbox.ts'
import { RateLimit } from '../../grants/rate-limit.ts'
import { Directories } from '../../identity/ldap/directories.ts'
import { SLOW_CHECKS } from '../../identity/local/create-local-source.ts'
import { LockoutGuard } from '../../identity/local/lockout-guard.ts'
import { SqliteUserDirectory } from '../../identity/local/sqlite-user-directory.ts'
import { VerifierCache } from '../../identity/local/verifier-cache.ts'
import { WorkLimit } from '../../identity/local/work-limit.ts'
import { SqliteMacDirectory } from '../../identity/mac/sqlite-mac-directory.ts'
import { NO_UPSTREAMS } from '../../identity/radius/upstream-check.ts'
import { ShieldGuard } from '../../identity/shield/shield-guard.ts'
import { shieldWitness } from '../../identity/shield/shield-witness.ts'
import { Winbinds } from '../../identity/winbind/winbinds.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logging } from '../../kernel/logging.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Database } from '../../store/database.ts'
import { connectSqliteReader } from '../../store/sqlite-connection.ts'
import type { RadiusState } from '../../threads/radius-services.ts'
import type { SourceUpkeep } from '../sources/source-upkeep.ts'
import type { RemoteStores } from '../store-thread.ts'
import type { UserFile } from '../user-file.ts'
import { GrantJudge } from './grant-judge.ts'
import { GrantReport } from './grant-report.ts'
import { KeptProfiles } from './kept-profiles.ts'
import { sweepSeconds } from './watch-pace.ts'

export interface GrantsOptions {
  readonly state: RadiusState
  readonly configuration: ConfigurationService
  readonly reader: Database
  readonly stores: RemoteStores
  readonly users: UserFile
  readonly actor: SessionActor
  readonly revocation: Pick<RevocationService, 'lists'>
  readonly sealer: Sealer
  readonly clock: Clock
  readonly logging: Logging
  readonly metrics: Metrics
  readonly sources: Pick<SourceUpkeep, 'states' | 'caches' | 'refresh'>
}

export interface StartedGrants {
  readonly judge: GrantJudge
  close(): Promise<void>
}

/** Builds the judge of sessions and starts deciding them again. A new kind of grant is added to `kinds` here. */
export async function startGrants(options: GrantsOptions): Promise<StartedGrants> {
  const { state, configuration, reader, stores, users, actor, revocation, sealer, clock, logging, metrics } =
    options
  const { states, caches } = options.sources
  const log = logging.for('grants')
  const connection = connectSqliteReader(users.path)
  const directories = new Directories()
  const winbinds = new Winbinds()
  const judge = await GrantJudge.open(
    state,
    {
      // Main checks no passwords: the parts for that are small, and idle.
      sources: {
        clock,
        sealer,
        verifiers: new VerifierCache(sealer, 1),
        guard: new LockoutGuard(stores.lockout, clock),
        slow: new WorkLimit(SLOW_CHECKS.running, SLOW_CHECKS.waiting),
        rows: stores.users,
      },
      directory: (source) => new SqliteUserDirectory(connection, source),
      upstreams: NO_UPSTREAMS,
      shield: new ShieldGuard({
        owner: stores.shield,
        clock,
        workers: 1,
        witness: shieldWitness(metrics, logging.for('identity')),
      }),
      directories,
      winbinds,
      ...{ states, caches, isDoor: false },
      log: logging.for('identity'),
    },
    new CertificateStandings(new CertificateStore(reader.kysely), () => revocation.lists),
  )
  const profiles = new KeptProfiles(configuration, sealer)
  const sessions = new SessionGrantKind(
    new SessionGrantStore(reader),
    new SessionJudge({
      judgement: () => judge.judgement,
      certificates: judge.certificates,
      macs: new SqliteMacDirectory(connection),
      profiles: (version) => profiles.of(version),
      vendor: (client) => judge.vendorOf(client),
      clock,
    }),
    actor,
  )
  const kinds: readonly GrantKind[] = [sessions]
  const settings = () => {
    const current = configuration.snapshot.configuration
    return { ...current.settings.grants, sweepSeconds: sweepSeconds(current) }
  }
  const read = new GrantStore(reader)
  const report = new GrantReport({ metrics, log, audit: stores.audit, read, clock })
  const prepare = async (): Promise<number> => {
    await users.refresh()
    return judge.judgement.version
  }
  const shared = { kinds, store: stores.grants, clock, prepare }
  const outboxSettings = (): OutboxSettings => {
    const { actionsPerSecond: perSecond, actionsPerSecondPerClient: perSecondPerLane, ...rest } = settings()
    return { perSecond, perSecondPerLane, ...rest }
  }
  const grants = await Grants.start({
    intake: new Intake({
      ...shared,
      changes: new ChangeStore(reader),
      decided: (verdict) => report.decided(verdict),
      noted: (facts) => options.sources.refresh(undefined, changedUsers(facts)),
    }),
    outbox: new Outbox({
      ...shared,
      read,
      limit: new RateLimit(outboxSettings(), clock.monotonic()),
      settings: outboxSettings,
      tried: (entry, update) => report.tried(entry, update),
    }),
    store: stores.grants,
    clock,
    log,
    settings,
  })
  report.watch()
  return {
    judge,
    close: async () => {
      report.close()
      await grants.close()
      directories.close()
      winbinds.close()
      connection.close()
    },
  }
}

/** Of whom a directory is asked anew; undefined: of everybody, for members of a group are not told apart. */
function changedUsers(facts: readonly Fact[]): readonly string[] | undefined {
  if (facts.some(({ fact }) => fact === 'group')) return undefined
  return facts.flatMap((of) => (of.fact === 'user' ? [of.key] : []))
}
