import * as z from 'zod'
import { nameSchema } from '../name.ts'
import { goingOn } from './going-on.ts'

/** Passwords of an Active Directory domain this machine is a member of, checked by Samba's winbind. */
export const winbindSourceSchema = z.strictObject({
  name: nameSchema.describe('Conditions read it as user.source'),
  kind: z.literal('winbind').describe('MS-CHAPv2 against Active Directory, through ntlm_auth of Samba'),
  directory: nameSchema.describe('Name of the ldap source that knows the accounts and groups of this domain'),
  domain: z
    .exactOptional(z.string().min(1))
    .describe(
      'NetBIOS name of the domain; where absent, that of the domain the directory found the account in',
    ),
  hashedName: z
    .enum(['user', 'whole'])
    .default('user')
    .describe(
      'Name that devices put into the MS-CHAPv2 response: user: without DOMAIN\\ as RFC 2759 says; whole: as they send it',
    ),
  program: z
    .string()
    // Whoever may change the configuration may not choose what this machine runs.
    .regex(/^\/(?:[\w.+-]+\/)*ntlm_auth$/, 'Write the path of ntlm_auth: /usr/bin/ntlm_auth.')
    .default('/usr/bin/ntlm_auth')
    .describe('Path of ntlm_auth'),
  configurationFile: z
    .exactOptional(z.string().regex(/^\/[^\0]+$/, 'Write the path of a file.'))
    .describe("Samba's smb.conf where it is not the one Samba was built for"),
  processes: z.int().min(1).max(64).default(4).describe('ntlm_auth processes each RADIUS worker keeps alive'),
  deadlineMilliseconds: z.int().min(100).max(10_000).default(2500).describe('Wait for one answer'),
  ...goingOn,
})

export type WinbindSourceConfiguration = Readonly<z.output<typeof winbindSourceSchema>>
