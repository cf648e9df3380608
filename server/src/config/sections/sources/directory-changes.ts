import * as z from 'zod'

/** Seeing at once what somebody changed in a directory. */
export const directoryChangesSchema = z
  .strictObject({
    seconds: z
      .number()
      .min(0)
      .max(3600)
      .default(2)
      .describe(
        'The directory is asked so often whether anything changed; whoever it concerns is looked up anew, at logins and for live sessions; 0 = never, and changes count when the cache ends',
      ),
  })
  .prefault({})
  .describe('Changes in the directory, such as somebody taken out of a group')
