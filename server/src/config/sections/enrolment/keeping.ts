import * as z from 'zod'

/** How long what is over is kept: for searches, and for whoever asks what became of it. */
export const keepDaysSchema = z
  .int()
  .min(30)
  .max(3650)
  .default(365)
  .describe('Certificates that ended and requests that were decided are deleted after so many days')

export const requestDaysSchema = z
  .int()
  .min(1)
  .max(365)
  .default(30)
  .describe('A request nobody approved or denied for so many days is denied as expired')
