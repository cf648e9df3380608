import type { AuthenticationOutcome } from './source.ts'

/** Settings of a source that say where the order goes from it. */
export interface GoingOn {
  readonly name: string
  readonly onWrongPassword: 'stop' | 'next'
  readonly onUnavailable: 'next' | 'stop'
}

/** One source's word, for the receipt. */
export interface SourceTried {
  readonly source: string
  readonly outcome: AuthenticationOutcome
  /** It was not asked: it can check this form of proof, change a password, or tell without a proof, for nobody. */
  readonly isPassedOver?: true
}

/** Whether the next source is asked after this word. What a source knows of the user is the last word otherwise. */
export function goesOn({ outcome, isPassedOver }: SourceTried, settings: GoingOn | undefined): boolean {
  if (isPassedOver) return true
  switch (outcome.kind) {
    case 'not-found':
    // Two profiles of one directory may let two groups in.
    case 'outside-group':
      return true
    case 'unavailable':
      return settings?.onUnavailable !== 'stop'
    default:
      return isWrong(outcome) && settings?.onWrongPassword === 'next'
  }
}

/** No password that holds: an account without one has none that could, and one that was held back was not looked at. */
const WRONG: readonly AuthenticationOutcome['kind'][] = ['wrong-password', 'held-back', 'no-password']

function isWrong({ kind }: AuthenticationOutcome): boolean {
  return WRONG.includes(kind)
}

/**
 * What the words come to. An accept is the last word always. Nothing else counts where an earlier source was silent: it
 * might have known the user and the password, so a refusal could be a false one. Among those who spoke, what was found
 * of the user counts more than that nothing was: a wrong password that went on, to sources that do not know the user,
 * is still a wrong password.
 */
export function settle(tried: readonly SourceTried[], isFinal: boolean): AuthenticationOutcome {
  const last = tried.at(-1)?.outcome
  if (last?.kind === 'authenticated') return last
  if (isFinal && last !== undefined && !isWrong(last)) {
    const silent = tried.find(({ outcome, isPassedOver }) => outcome.kind === 'unavailable' && !isPassedOver)
    return silent?.outcome ?? last
  }
  const first = (...kinds: readonly AuthenticationOutcome['kind'][]): AuthenticationOutcome | undefined =>
    tried.find(({ outcome }) => kinds.includes(outcome.kind))?.outcome
  return (
    first('unavailable') ??
    first(...WRONG) ??
    first('change-refused') ??
    first('outside-group') ??
    first('form-unsupported') ?? { kind: 'not-found' }
  )
}
