import * as z from 'zod'

/** What of an account of Active Directory counts besides its being enabled, unexpired and within its logon hours. */
export const accountRulesSchema = z
  .strictObject({
    dialIn: z
      .enum(['ignore', 'honour'])
      .default('ignore')
      .describe(
        'honour: "Deny access" on the Dial-in tab (msNPAllowDialin) refuses the login; "Allow" and "Control access through NPS Network Policy" leave it to the rules',
      ),
  })
  .prefault({})
  .describe('Active Directory: what of the account counts')

export const certificateMapping = z
  .enum(['strong', 'compatible'])
  .default('strong')
  .describe(
    'Active Directory: strong = a certificate must hold the SID of the account, or stand in its altSecurityIdentities by issuer and serial number, key identifier or key hash; compatible = its name is enough where it holds no SID (KB5014754)',
  )
