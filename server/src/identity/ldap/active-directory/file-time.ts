/** 1601-01-01 to 1970-01-01, milliseconds. */
const EPOCH_DIFFERENCE = 11_644_473_600_000n
const UNITS_PER_MILLISECOND = 10_000n
/** Written for "never" beside 0. */
const NEVER = 0x7fff_ffff_ffff_ffffn

/** A FILETIME in decimal text (MS-DTYP section 2.3.3): milliseconds since the epoch; undefined where absent, 0 or never. */
export function fileTime(text: string | undefined): number | undefined {
  const units = integer(text)
  if (units === undefined || units <= 0n || units === NEVER) return undefined
  return Number(units / UNITS_PER_MILLISECOND - EPOCH_DIFFERENCE)
}

/** A span as Active Directory keeps it, negative units of 100 ns: milliseconds; undefined where absent, 0 or for ever. */
export function fileSpan(text: string | undefined): number | undefined {
  const units = integer(text)
  if (units === undefined || units >= 0n || units <= -NEVER) return undefined
  return Number(-units / UNITS_PER_MILLISECOND)
}

export function integer(text: string | undefined): bigint | undefined {
  return text !== undefined && /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined
}
