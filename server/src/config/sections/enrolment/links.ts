import * as z from 'zod'

/** Pages at which people fetch the file of a connection. */
export const linksSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Answer one-time links and codes at /connect of the enrolment port'),
  minutes: z
    .int()
    .min(1)
    .max(43_200)
    .default(60)
    .describe('How long a link can be used, where whoever makes it does not say'),
  selfService: z
    .boolean()
    .default(true)
    .describe('People fetch connections whose groups they are in with name and password'),
})

export type LinksConfiguration = Readonly<z.output<typeof linksSchema>>
