import * as z from 'zod'

const file = z.string().regex(/^\/[^\0\n,]+$/, 'Write the path of a file.')

/** How Windows computers and people enrol by group policy (MS-XCEP, MS-WSTEP). */
export const windowsSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Answer Windows at the enrolment port, once httpsUrl says where clients reach it'),
  authorityName: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/, 'Letters, digits and hyphens.')
    .default('Sallyport')
    .describe('Name of the authority in the addresses of enrolment, /NAME_CES_Kerberos/service.svc/CES'),
  friendlyName: z
    .string()
    .min(1)
    .max(100)
    .default('Sallyport')
    .describe('What Windows calls the enrolment policy'),
  policyId: z
    .exactOptional(z.guid())
    .describe('GUID of the enrolment policy; absent: made of the first root certificate'),
  password: z.boolean().default(true).describe('Name and password as proof (UsernameToken)'),
  certificate: z.boolean().default(true).describe('A certificate of ours in TLS as proof'),
  keyBasedRenewal: z
    .boolean()
    .default(true)
    .describe('A certificate that counts is renewed by its key alone, also where the account cannot log in'),
  nextUpdateHours: z.int().min(1).max(168).default(8).describe('How often Windows asks for the policy'),
  keyProviders: z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(8)
    .default(['Microsoft Software Key Storage Provider'])
    .describe(
      'Where Windows makes keys, the first it has; Microsoft Platform Crypto Provider keeps them in the TPM',
    ),
  kerberos: z
    .exactOptional(
      z.strictObject({
        program: z
          .string()
          // Whoever may change the configuration may not choose what this machine runs.
          .regex(/^\/(?:[\w.+-]+\/)*ntlm_auth$/, 'Write the path of ntlm_auth: /usr/bin/ntlm_auth.')
          .default('/usr/bin/ntlm_auth')
          .describe('Path of ntlm_auth of Samba'),
        configurationFile: z
          .exactOptional(file)
          .describe("Samba's smb.conf where it is not the one Samba was built for"),
        keytab: z
          .exactOptional(file)
          .describe(
            'Keys of HTTP/name; absent: the password of the machine account, which only root can read',
          ),
        deadlineMilliseconds: z.int().min(100).max(30_000).default(5000).describe('Wait for one ticket'),
        atOnce: z.int().min(1).max(64).default(8).describe('Tickets looked at together'),
      }),
    )
    .describe('Kerberos tickets as proof, on a host that is a member of the domain; absent: not offered'),
})

export type WindowsConfiguration = Readonly<z.output<typeof windowsSchema>>
export type KerberosConfiguration = NonNullable<WindowsConfiguration['kerberos']>
