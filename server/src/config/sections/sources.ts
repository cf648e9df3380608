import * as z from 'zod'
import { type LdapSourceConfiguration, ldapSourceSchema } from './sources/ldap.ts'
import { type LocalSourceConfiguration, localSourceSchema } from './sources/local.ts'
import { type RadiusSourceConfiguration, radiusSourceSchema } from './sources/radius.ts'
import { type TacacsSourceConfiguration, tacacsSourceSchema } from './sources/tacacs.ts'
import { type WinbindSourceConfiguration, winbindSourceSchema } from './sources/winbind.ts'

/** Identity sources: where users are checked. One file a kind in `sources/`. */
export const sourceSchema = z.discriminatedUnion('kind', [
  localSourceSchema,
  ldapSourceSchema,
  winbindSourceSchema,
  radiusSourceSchema,
  tacacsSourceSchema,
])

export type SourceConfiguration =
  | LocalSourceConfiguration
  | LdapSourceConfiguration
  | WinbindSourceConfiguration
  | RadiusSourceConfiguration
  | TacacsSourceConfiguration
