import * as z from 'zod'

/** The lock-out shield: which wrong passwords the directory gets to see, and which end here. */
export const ldapShieldSchema = z
  .strictObject({
    enabled: z
      .exactOptional(z.boolean())
      .describe('Absent: on for type active-directory, off for type generic'),
    failuresPerStation: z
      .int()
      .min(1)
      .max(100)
      .default(2)
      .describe('Wrong passwords in a row after which one device is held back'),
    reserve: z
      .exactOptional(z.int().min(0).max(998))
      .describe(
        'Of the wrong passwords the directory takes, so many are kept for devices that logged in before; absent: half, at least 2',
      ),
    threshold: z
      .int()
      .min(0)
      .max(999)
      .default(3)
      .describe('Wrong passwords until the directory locks an account, where it does not tell; 0 = never'),
    windowMinutes: z
      .int()
      .min(1)
      .max(99_999)
      .default(30)
      .describe('How long the directory remembers a wrong password, where it does not tell'),
  })
  .prefault({})
  .describe('Lock-out shield: a device with an old password does not lock its owner out of the directory')

export type LdapShieldConfiguration = Readonly<z.output<typeof ldapShieldSchema>>
