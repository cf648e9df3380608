import type { ClientError } from './client-error.ts'
import { IKEV2_ERRORS } from './ikev2-errors.ts'
import { WINDOWS_DIALING_ERRORS } from './windows-dialing-errors.ts'
import { WINDOWS_SECURITY_ERRORS } from './windows-security-errors.ts'
import { WINDOWS_TUNNEL_ERRORS } from './windows-tunnel-errors.ts'

export const CLIENT_ERRORS: readonly ClientError[] = [
  ...WINDOWS_DIALING_ERRORS,
  ...WINDOWS_TUNNEL_ERRORS,
  ...WINDOWS_SECURITY_ERRORS,
  ...IKEV2_ERRORS,
]

const BY_CODE = new Map(CLIENT_ERRORS.map((error) => [key(error.code), error]))
/** Windows shows the same code as a number, in hexadecimal, or as a negative number. */
const WRAP = 2 ** 32
/** HRESULT_FROM_WIN32: facility 7 with the code in the lower half. */
const FACILITY_WIN32 = 0x8007_0000

/** What a person read from the screen: `809`, `0x80420014`, `-2147023834`, `no_proposal_chosen`. */
export function findClientError(text: string): ClientError | undefined {
  const code = text.trim()
  const named = BY_CODE.get(code.toUpperCase().replace(/[\s-]+/g, '_'))
  if (named !== undefined) return named
  const number = numberOf(code)
  if (number === undefined) return undefined
  const bare =
    number >= FACILITY_WIN32 && number <= FACILITY_WIN32 + 0xffff ? number - FACILITY_WIN32 : number
  return BY_CODE.get(String(number)) ?? BY_CODE.get(String(bare))
}

function numberOf(code: string): number | undefined {
  if (!/^(0x[0-9a-f]{1,8}|-?\d{1,10})$/i.test(code)) return undefined
  const number = Number(code)
  return number < 0 ? number + WRAP : number
}

function key(code: string): string {
  const number = numberOf(code)
  return number === undefined ? code : String(number)
}
