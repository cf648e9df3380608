import { CliError, EXIT } from '../cli-error.ts'

/** The server cannot be reached or cannot decide now: worth another try. */
export class TryAgain extends CliError {
  readonly afterSeconds: number | undefined

  constructor(message: string, afterSeconds?: number) {
    super(message)
    this.name = 'TryAgain'
    this.afterSeconds = afterSeconds
  }
}

/** Waits for an approval; the same command goes on where this one stopped. */
export class StillPending extends CliError {
  readonly afterSeconds: number

  constructor(afterSeconds: number) {
    super('The request waits for an approval. Run the same command again later.', EXIT.pending)
    this.name = 'StillPending'
    this.afterSeconds = afterSeconds
  }
}
