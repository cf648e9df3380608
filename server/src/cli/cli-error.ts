/** Exit codes of the command: done; refused or failed; called in a wrong way; waits for an approval. */
export const EXIT = { ok: 0, failed: 1, usage: 2, pending: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The command cannot go on. The message is for the person at the terminal: what, and what to do. */
export class CliError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = EXIT.failed) {
    super(message)
    this.name = 'CliError'
    this.exitCode = exitCode
  }
}

/** Called in a wrong way. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage)
}
