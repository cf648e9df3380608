import * as z from 'zod'

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const settingsSchema = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, 'Not a time zone of the IANA database, such as Europe/Berlin.')
    .default('UTC')
    .describe('IANA time zone for logon hours and time.* in conditions'),
  receipts: z
    .strictObject({
      keepDays: z.int().min(1).max(3650).default(90).describe('Older receipts are deleted'),
      maximumMegabytes: z.int().min(1).default(2048).describe('Oldest receipts are deleted beyond this size'),
    })
    .prefault({})
    .describe('How long decisions are kept'),
  eapSeconds: z
    .int()
    .min(5)
    .max(300)
    .default(60)
    .describe('A login by EAP that is not finished within this time has failed'),
  serverName: z
    .string()
    .min(1)
    .max(253)
    .default('radius.sallyport.internal')
    .describe('Name in the RADIUS server certificate; supplicants are told to expect it'),
})

export type SettingsConfiguration = Readonly<z.output<typeof settingsSchema>>
