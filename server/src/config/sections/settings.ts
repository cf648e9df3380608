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
  grants: z
    .strictObject({
      actionsPerSecond: z
        .int()
        .min(1)
        .max(1000)
        .default(20)
        .describe('Sessions ended or asked to authenticate again in a second, by each node'),
      actionsPerSecondPerClient: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('The same through one RADIUS client'),
      attempts: z.int().min(1).max(10).default(4).describe('Tries before an action is given up'),
      retrySeconds: z
        .int()
        .min(1)
        .max(300)
        .default(10)
        .describe('Wait after the first try; doubled after each'),
      endSeconds: z
        .int()
        .min(2)
        .max(600)
        .default(20)
        .describe('How long after the acknowledgement accounting may still report the session'),
      sweepSeconds: z
        .int()
        .min(10)
        .max(3600)
        .default(60)
        .describe('How often every session is looked at, for hours that end and accounts that expire'),
      keepDays: z.int().min(1).max(3650).default(30).describe('What was done is listed for so long'),
    })
    .prefault({})
    .describe('What happens to live sessions when a fact they rest on changes'),
  sessions: z
    .strictObject({
      lostAfterMissedInterims: z
        .int()
        .min(2)
        .max(100)
        .default(3)
        .describe('A session is lost after so many intervals without an update'),
      lostAfterSilentHours: z
        .int()
        .min(24)
        .max(8760)
        .default(48)
        .describe('The same for a session whose device never sent an update'),
      reservationSeconds: z
        .int()
        .min(5)
        .max(600)
        .default(60)
        .describe('How long an accept counts as a session before its accounting begins (maximumSessions)'),
      keepDays: z.int().min(1).max(3650).default(90).describe('Sessions that ended earlier are deleted'),
    })
    .prefault({})
    .describe('The session directory'),
  accounting: z
    .strictObject({
      keepDays: z.int().min(1).max(3650).default(90).describe('Older accounting records are deleted'),
      forwardHours: z
        .int()
        .min(1)
        .max(8760)
        .default(72)
        .describe('Accounting that no upstream took within this time is not passed on any more'),
    })
    .prefault({})
    .describe('How long accounting records are kept'),
  serverName: z
    .string()
    .min(1)
    .max(253)
    .default('radius.sallyport.internal')
    .describe('Name in the RADIUS server certificate; supplicants are told to expect it'),
})

export type SettingsConfiguration = Readonly<z.output<typeof settingsSchema>>
