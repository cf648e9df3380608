import { randomBytes } from 'node:crypto'
import { newId } from '../../enrolment/acme/accounts.ts'
import { AcmeStore } from '../../enrolment/acme/acme-store.ts'
import { keyContext } from '../../enrolment/acme/external-account.ts'
import { isProblem } from '../../enrolment/acme/jws.ts'
import { Links } from '../../enrolment/acme/links.ts'
import { servedTemplate } from '../../enrolment/acme/served-template.ts'
import type { EnrolmentIdentities, EnrolmentIdentity } from '../../enrolment/registration/requester.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { AcmeAccount, AcmeKey, Page, Services } from '../../listeners/https/services.ts'
import { render } from '../../reasons/index.ts'
import type { AcmeAccountTable, AcmeKeyTable } from '../../store/schema.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

const DAY = 86_400_000
const MAC_KEY_LENGTH = 32

export function acmeApi({
  configuration,
  identities,
  reader,
  stores,
  sealer,
  clock,
}: ApiParts): Services['acme'] {
  const read = new AcmeStore(reader.kysely)
  return {
    keys: async ({ limit, cursor }) => pageOf(await read.keys(limit + 1, cursor), limit, keyOf),
    createKey: async ({ template, user, names, note, days }, createdBy) => {
      const served = configuration.snapshot.configuration
      const found = servedTemplate(template, served)
      // A key nobody can use is worth an error now, not a puzzle at the client.
      if (isProblem(found)) {
        throw new RequestError('acme-not-served', render(found.reason, 'en').sentence, { template })
      }
      const holder = user === undefined ? undefined : await holderOf(user, identities)
      const macKey = newMacKey()
      const id = newId()
      const now = clock.now()
      const row: AcmeKeyTable = {
        ...{ id, template, note, created_at: now, created_by: createdBy },
        mac_key_sealed: sealer.seal(macKey, keyContext(id)),
        account_name: user ?? null,
        holder_id: holder?.id ?? null,
        names: JSON.stringify(names),
        expires_at: now + days * DAY,
        acme_account: null,
        used_at: null,
      }
      if (!(await stores.acme.createKey(row))) {
        throw new RequestError('acme-keys-full', 'There are too many keys: delete some that are not used.')
      }
      const { httpsUrl } = served.enrolment
      const directory = httpsUrl === undefined ? undefined : new Links(httpsUrl, template).to('directory')
      return { ...keyOf(row), macKey, ...optional('directory', directory) }
    },
    removeKey: async (id) => {
      if (await stores.acme.deleteKey(id)) return
      throw new RequestError('acme-key-not-found', `There is no ACME key ${id}.`, { id })
    },
    accounts: async ({ limit, cursor }) => pageOf(await read.accounts(limit + 1, cursor), limit, accountOf),
    deactivate: async (id) => {
      await stores.acme.deactivateAccount(id)
      const account = await stores.acme.account(id)
      if (account === undefined) {
        throw new RequestError('acme-account-not-found', `There is no ACME account ${id}.`, { id })
      }
      return accountOf(account)
    },
  }
}

async function holderOf(user: string, identities: EnrolmentIdentities): Promise<EnrolmentIdentity> {
  const answer = await identities.find(user)
  if (answer.kind === 'known') return answer.identity
  const code = answer.kind === 'unavailable' ? 'source-unavailable' : 'user-not-found'
  throw new RequestError(code, render(answer.reason, 'en').sentence, { user })
}

/** Base64url that begins with a letter or digit: a command line takes a leading hyphen for an option. */
function newMacKey(): string {
  for (;;) {
    const text = randomBytes(MAC_KEY_LENGTH).toString('base64url')
    if (/^[A-Za-z0-9]/.test(text)) return text
  }
}

function pageOf<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  map: (row: Row) => Item,
): Page<Item> {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items: items.map(map), ...optional('next', last?.id) }
}

function keyOf(row: AcmeKeyTable): AcmeKey {
  return {
    id: row.id,
    template: row.template,
    ...optional('user', row.account_name),
    names: namesOf(row),
    note: row.note,
    createdAt: instant(row.created_at),
    createdBy: row.created_by,
    expiresAt: instant(row.expires_at),
    ...optional('account', row.acme_account),
    ...optional('usedAt', row.used_at === null ? null : instant(row.used_at)),
  }
}

function accountOf(row: AcmeAccountTable): AcmeAccount {
  return {
    id: row.id,
    template: row.template,
    status: row.status,
    contacts: JSON.parse(row.contacts) as string[], // a list of checked texts
    ...optional('key', row.key_id),
    ...optional('user', row.account_name),
    names: namesOf(row),
    createdAt: instant(row.created_at),
    createdFrom: row.created_from,
    seenAt: instant(row.seen_at),
  }
}

function namesOf({ names }: { readonly names: string }): string[] {
  return JSON.parse(names) as string[] // the API took a list of texts
}
