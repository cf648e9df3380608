import * as z from 'zod'

/** Where an authentication order goes from a source. *Not found* always goes on to the next one. */
export const goingOn = {
  onWrongPassword: z
    .enum(['stop', 'next'])
    .default('stop')
    .describe(
      'next: a wrong password (of a RADIUS upstream: any reject, which may mean an unknown user) goes on to the next source, which grants one more guess',
    ),
  onUnavailable: z
    .enum(['next', 'stop'])
    .default('next')
    .describe(
      'next: later sources are asked, and silence is the end where none knows the user; stop: silence at once',
    ),
}
