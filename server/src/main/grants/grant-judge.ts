import type { Judgement } from '../../access/served.ts'
import type { CertificateStandings } from '../../enrolment/certificate-standings.ts'
import { compileJudgement, type JudgementContext } from '../../threads/compile-judgement.ts'
import type { RadiusState } from '../../threads/radius-services.ts'

/**
 * What main decides sessions by: the same judgement the RADIUS workers decide logins by, compiled from the same state and
 * replaced with theirs.
 */
export class GrantJudge {
  readonly certificates: CertificateStandings
  readonly #context: JudgementContext
  #judgement: Judgement
  #vendors: ReadonlyMap<string, string> = new Map()

  private constructor(
    context: JudgementContext,
    certificates: CertificateStandings,
    judgement: Judgement,
    state: RadiusState,
  ) {
    this.#context = context
    this.certificates = certificates
    this.#judgement = judgement
    this.#take(state)
  }

  static async open(
    state: RadiusState,
    context: JudgementContext,
    certificates: CertificateStandings,
  ): Promise<GrantJudge> {
    return new GrantJudge(context, certificates, await compileJudgement(state.snapshot, context), state)
  }

  /** Throws where a part cannot be built; the old one then goes on. */
  async configure(state: RadiusState): Promise<void> {
    const judgement = await compileJudgement(state.snapshot, this.#context)
    this.#take(state)
    this.#judgement = judgement
  }

  get judgement(): Judgement {
    return this.#judgement
  }

  vendorOf(client: string): string | undefined {
    return this.#vendors.get(client)
  }

  #take({ snapshot, trust }: RadiusState): void {
    this.#context.directories.keepOnly(snapshot.configuration.sources)
    this.#context.winbinds.keepOnly(snapshot.configuration.sources)
    this.#context.caches.keepOnly(snapshot.configuration.sources)
    this.#context.states.keepOnly(snapshot.configuration.sources)
    this.certificates.replaceTrust(trust)
    this.#vendors = new Map(snapshot.configuration.clients.map(({ name, vendor }) => [name, vendor]))
  }
}
