/** RFC 8907 section 4.1: the major version in the upper half of the octet. */
export const MAJOR_VERSION = 0xc
/** ASCII logins are of minor version 0, PAP and CHAP of minor version 1 (section 5.4.1). */
export const MinorVersion = { Default: 0, One: 1 } as const

/** Section 4.1 */
export const PacketType = { Authentication: 1, Authorization: 2, Accounting: 3 } as const

export const HeaderFlag = { Unencrypted: 0x01, SingleConnect: 0x04 } as const

/** Section 5.1 */
export const Action = { Login: 1, ChangePassword: 2, SendAuth: 4 } as const
export const AuthenticationType = { Ascii: 1, Pap: 2, Chap: 3, Mschap: 5, Mschapv2: 6 } as const
export const Service = { None: 0, Login: 1, Enable: 2, Ppp: 3 } as const
export const PrivilegeLevel = { Minimum: 0, User: 1, Root: 15 } as const

/** Section 5.2 */
export const ReplyStatus = {
  Pass: 1,
  Fail: 2,
  GetData: 3,
  GetUser: 4,
  GetPass: 5,
  Restart: 6,
  Error: 7,
  Follow: 0x21,
} as const

/** Section 5.3 */
export const ContinueFlag = { Abort: 0x01 } as const
