import type { Vendor } from './definition.ts'
import { VENDOR_SPECIFIC } from './find.ts'

/** Whether every number of a path fits the field it is written in. `vendor`: whose layout a type of `[26, id, type]` has. */
export function isOnTheWire(path: readonly number[], vendor: Vendor | undefined): boolean {
  return path.every((number, i) => {
    const isVendorId = path[i - 1] === VENDOR_SPECIFIC && (i === 1 || (i === 2 && (path[0] as number) >= 241))
    if (isVendorId) return number <= 0xffffffff
    const isVendorType = path[0] === VENDOR_SPECIFIC && i === 2
    return number <= (isVendorType ? 256 ** (vendor?.typeSize ?? 1) - 1 : 0xff)
  })
}
