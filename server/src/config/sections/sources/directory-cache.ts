import * as z from 'zod'

/** How long what a directory said of an account is taken for true. */
export const directoryCacheSchema = z
  .strictObject({
    minutes: z
      .number()
      .min(0)
      .max(1440)
      .default(5)
      .describe(
        'An account and its groups are asked for again after so long, at logins and for live sessions; 0 = at every login',
      ),
    negativeSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(30)
      .describe('An unknown name, or an account that may not come in, is asked for again after so long'),
    accounts: z
      .int()
      .min(100)
      .max(1_000_000)
      .default(20_000)
      .describe('Accounts each RADIUS worker keeps, and as many unknown names again'),
  })
  .prefault({})
  .describe('Look-ups of accounts and groups; a password is always checked by the directory itself')

export type DirectoryCacheConfiguration = Readonly<z.output<typeof directoryCacheSchema>>
