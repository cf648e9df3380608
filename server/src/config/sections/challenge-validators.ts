import * as z from 'zod'
import { nameSchema } from './name.ts'
import { passwordSchema, type WithOpenSecrets } from './secret.ts'

const serviceUrl = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.parse(text)
    const isHere = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
    return url?.protocol === 'https:' || (isHere && url?.protocol === 'http:')
  }, 'Not an https:// URL.')

/** Services that say whether a challenge is theirs: an MDM server that makes its own, as Microsoft Intune does. */
export const challengeValidatorSchema = z
  .strictObject({
    name: nameSchema.describe('enrolment.scep.challengeValidation names it'),
    url: serviceUrl.describe(
      'Where validateRequest, successNotification and failureNotification are posted below',
    ),
    template: nameSchema.describe('The only certificate template its challenges are good for'),
    tokenUrl: z
      .exactOptional(serviceUrl)
      .describe('Where an OAuth 2 token is got (client credentials); absent: the service asks for none'),
    clientId: z.string().max(256).default('').describe('For tokenUrl'),
    clientSecret: z.exactOptional(passwordSchema).describe('For tokenUrl'),
    scope: z.string().max(500).default('').describe('For tokenUrl'),
    apiVersion: z.string().max(32).default('2018-02-20').describe('Header api-version'),
    ca: z
      .exactOptional(z.string().max(65_536))
      .describe('PEM of the CA of the service; absent: those of this machine'),
    timeoutSeconds: z.int().min(1).max(30).default(10).describe('For one question'),
  })
  .refine(({ tokenUrl, clientSecret }) => tokenUrl === undefined || clientSecret !== undefined, {
    path: ['clientSecret'],
    message: 'A tokenUrl needs a clientSecret.',
  })

export type ChallengeValidatorConfiguration = Readonly<
  WithOpenSecrets<z.output<typeof challengeValidatorSchema>>
>
