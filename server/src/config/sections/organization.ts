import * as z from 'zod'
import { base64Png } from './connections/logo.ts'
import { shownText, webUrl } from './shown-text.ts'

/** Languages that guides and pages for people are written in. */
export const LANGUAGES = ['en', 'ru', 'de', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/** Who the profiles, guides and pages that people get speak for. */
export const organizationSchema = z.strictObject({
  name: shownText(100)
    .default('Sallyport')
    .describe('Name of the organisation, as profiles and guides show it'),
  identifier: z
    .exactOptional(z.string().regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'Not a DNS name.'))
    .describe(
      'DNS name that identifiers of profiles begin with; a profile that keeps its identifier replaces the former one. By default the name of the first gateway or of the server',
    ),
  helpDesk: z
    .strictObject({
      name: z.exactOptional(shownText(100)).describe('What it is called'),
      phone: z.exactOptional(shownText(60)).describe('Telephone'),
      email: z.exactOptional(z.email()).describe('E-mail address'),
      url: z.exactOptional(webUrl).describe('Web page'),
    })
    .prefault({})
    .describe('Where people find help; every guide shows it'),
  logo: z.exactOptional(base64Png).describe('PNG in base64, at most 96 KiB; every guide shows it'),
  language: z.enum(LANGUAGES).default('en').describe('Of guides and pages where nobody chose another'),
})

export type OrganizationConfiguration = Readonly<z.output<typeof organizationSchema>>
