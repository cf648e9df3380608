import * as z from 'zod'

const url = z.exactOptional(z.string())

export const domainPolicySchema = z
  .object({
    policyId: z.string().describe('GUID in braces by which Windows knows the enrolment policy'),
    friendlyName: z.string(),
    kerberosUrl: url.describe('Where it is asked for with a ticket; absent: not offered'),
    passwordUrl: url.describe('Where it is asked for with name and password; absent: not offered'),
    roots: z.string().describe('Trusted by all computers, PEM'),
    issuing: z.string().describe('CAs that may name accounts of the domain (NTAuth), PEM'),
  })
  .meta({ id: 'DomainPolicy' })
