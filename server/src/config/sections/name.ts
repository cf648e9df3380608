import * as z from 'zod'
import { ORDINARY } from './shown-text.ts'

/** Names appear in receipts, paths of secrets (`clients/vpn-1/secret`), conditions, and files people open. */
export const nameSchema = z
  .string()
  .min(1, 'A name is needed.')
  .max(128)
  .regex(/^[^\p{Cc}/]*$/u, 'A name holds neither a slash nor a control character.')
  .regex(ORDINARY, 'A name holds half a character, or one that turns the reading direction.')
  .refine((name) => name === name.trim(), 'A name neither starts nor ends with a space.')
