import * as z from 'zod'

/** Names appear in receipts, paths of secrets (`clients/vpn-1/secret`) and conditions. */
export const nameSchema = z
  .string()
  .min(1, 'A name is needed.')
  .max(128)
  .regex(/^[^\p{Cc}/]*$/u, 'A name holds neither a slash nor a control character.')
  .refine((name) => name === name.trim(), 'A name neither starts nor ends with a space.')
