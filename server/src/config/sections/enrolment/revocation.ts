import * as z from 'zod'

/** How long what is published holds, and what becomes of certificates whose holder is gone. */
export const revocationPublishingSchema = z
  .strictObject({
    crlEveryHours: z.int().min(1).max(720).default(24).describe('A full CRL is made so often'),
    crlValidHours: z
      .int()
      .min(2)
      .max(8760)
      .default(168)
      .describe(
        'A full CRL holds for so long; what is more than crlEveryHours is the time to mend a fault in',
      ),
    deltaCrlEveryHours: z
      .int()
      .min(1)
      .max(720)
      .default(6)
      .describe('A delta CRL is made so often, and after every revocation'),
    deltaCrlValidHours: z.int().min(2).max(8760).default(24).describe('A delta CRL holds for so long'),
    ocspValidHours: z
      .int()
      .min(1)
      .max(336)
      .default(12)
      .describe('An OCSP answer holds for so long; what changes is answered anew at once'),
    whenHolderDisabled: z
      .enum(['hold', 'revoke', 'nothing'])
      .default('hold')
      .describe(
        'Certificates of an account that was disabled: held until it is enabled again, revoked, or left. Those of a deleted account are revoked, unless it says nothing',
      ),
  })
  .superRefine((value, context) => {
    for (const [valid, every] of [
      ['crlValidHours', 'crlEveryHours'],
      ['deltaCrlValidHours', 'deltaCrlEveryHours'],
    ] as const) {
      if (value[valid] > value[every]) continue
      context.addIssue({
        code: 'custom',
        path: [valid],
        message: `Not longer than ${every}: lists would end before the next.`,
      })
    }
  })
  .prefault({})
  .describe('CRLs, OCSP and the certificates of holders who are gone')
