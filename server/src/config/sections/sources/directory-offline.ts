import * as z from 'zod'

/** What may be decided while a directory is down, from what it said last. */
export const directoryOfflineSchema = z
  .strictObject({
    certificateHours: z
      .int()
      .min(0)
      .max(720)
      .default(12)
      .describe(
        'Account and groups as the directory last told them stand in for it at logins by certificate, for so long; 0 = never',
      ),
    passwordHours: z
      .int()
      .min(0)
      .max(720)
      .default(0)
      .describe(
        'The same at logins by PAP, EAP-GTC or EAP-TTLS/PAP, checked against a salted hash of the password the directory last took, which is kept for so long; 0 = no hash is kept',
      ),
  })
  .prefault({})
  .describe('While no server of the directory answers: conditions read user.lookup == "offline"')

export type DirectoryOfflineConfiguration = Readonly<z.output<typeof directoryOfflineSchema>>
