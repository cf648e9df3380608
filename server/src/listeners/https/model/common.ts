import * as z from 'zod'

export const instant = z.string().meta({ format: 'date-time' })
export const name = z.string().min(1).max(253)
export const password = z.string().min(1).max(1024)
export const count = z.int().min(0)

export const listQuerySchema = z.object({
  search: z.exactOptional(z.string().max(253)),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.exactOptional(z.string().max(500)).describe('`next` of the page before'),
})

/** `next` is absent on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item).readonly(), next: z.exactOptional(z.string()) })
}

export const emptySchema = z.strictObject({})

export const nameParameter = z.object({ name: z.string().min(1).max(253) })

export const serialParameter = z.object({ serial: z.string().min(1).max(100) })

export const idParameter = z.object({ id: z.string().min(1).max(200) })
