import { randomBytes } from 'node:crypto'
import type { AcmeAccountTable } from '../../store/schema.ts'
import type { AccountCall, AcmeParts, Answer, SignedCall } from './acme-call.ts'
import { readJsonObject } from './base64url.ts'
import { checkExternalAccount } from './external-account.ts'
import { isProblem, keyOf, readJwsObject, signatureProblem } from './jws.ts'
import { type Problem, problem } from './problem.ts'

const MOST_CONTACTS = 10
const MOST_LISTED_ORDERS = 100

/** 96 bits: nobody guesses the address of what is not theirs. Hex, for it stands in command lines: no leading hyphen. */
export function newId(): string {
  return randomBytes(12).toString('hex')
}

/** One key has one account in a directory. */
export function keyPlace(template: string, thumbprint: string): string {
  return `${template}/${thumbprint}`
}

/** RFC 8555 section 7.3. */
export async function newAccount(call: SignedCall, parts: AcmeParts): Promise<Answer> {
  const { payload, key, template, links, from } = call
  if (payload === undefined) return malformed('newAccount needs a payload')
  const place = keyPlace(template.name, key.thumbprint)
  const existing = await parts.read.accountByKey(place)
  if (existing !== undefined) return existingAccount(existing, call)
  if (payload.onlyReturnExisting === true) return problem('accountDoesNotExist', 'acme-account-unknown', {})
  const { acme } = parts.configuration().enrolment
  if (acme.termsOfService !== undefined && payload.termsOfServiceAgreed !== true) {
    return problem('userActionRequired', 'acme-terms-not-agreed', { terms: acme.termsOfService })
  }
  const contacts = readContacts(payload.contact)
  if (isProblem(contacts)) return contacts
  const external = await checkExternalAccount(call, acme.openTemplates.includes(template.name), parts)
  if (external !== undefined && isProblem(external)) return external
  const now = parts.clock.now()
  const row: AcmeAccountTable = {
    id: newId(),
    template: template.name,
    key_place: place,
    jwk: JSON.stringify(key.jwk),
    status: 'valid',
    contacts: JSON.stringify(contacts),
    key_id: external?.id ?? null,
    account_name: external?.account_name ?? null,
    holder_id: external?.holder_id ?? null,
    names: external?.names ?? '[]',
    created_at: now,
    created_from: from,
    seen_at: now,
  }
  const made = await parts.store.createAccount(row)
  if (made === 'full') {
    return problem('rateLimited', 'acme-limit', { limit: 'accounts without a key of an external account' })
  }
  if (made === 'external-key-used') {
    const detail = 'another account was made with it already, or its time is over'
    return problem('unauthorized', 'acme-external-account-refused', { key: row.key_id ?? '', detail })
  }
  if (made === 'key-taken') {
    // Asked twice at a time: both get the one account.
    const first = await parts.store.accountByKey(place)
    return first === undefined ? problem('serverInternal', 'acme-failed', {}) : existingAccount(first, call)
  }
  parts.log.info(
    { template: template.name, account: row.id, externalKey: row.key_id, from },
    `New ACME account ${row.id} of template ${template.name}.`,
  )
  return { status: 201, headers: { location: links.account(row.id) }, body: accountBody(row, call) }
}

function existingAccount(account: AcmeAccountTable, call: SignedCall): Answer {
  if (account.status !== 'valid') {
    return problem('unauthorized', 'acme-account-deactivated', { account: account.id }, { status: 401 })
  }
  const { links } = call
  return { status: 200, headers: { location: links.account(account.id) }, body: accountBody(account, call) }
}

/** RFC 8555 sections 7.3.2 and 7.3.6. */
export async function changeAccount(call: AccountCall, id: string, parts: AcmeParts): Promise<Answer> {
  const { account, payload } = call
  if (account.id !== id) return notYours('account')
  // Clients send the whole account back with what they change: "valid" asks for nothing.
  if (payload?.status !== undefined && payload.status !== 'valid') {
    if (payload.status !== 'deactivated') return malformed('an account can only be set to deactivated')
    await parts.store.deactivateAccount(id)
    parts.log.info({ account: id, from: call.from }, `ACME account ${id} was deactivated by its holder.`)
    return { status: 200, body: accountBody({ ...account, status: 'deactivated' }, call) }
  }
  if (payload?.contact === undefined) return { status: 200, body: accountBody(account, call) }
  const contacts = readContacts(payload.contact)
  if (isProblem(contacts)) return contacts
  await parts.store.setContacts(id, JSON.stringify(contacts))
  return { status: 200, body: accountBody({ ...account, contacts: JSON.stringify(contacts) }, call) }
}

/** RFC 8555 section 7.1.2.1. */
export async function ordersOf(call: AccountCall, id: string, parts: AcmeParts): Promise<Answer> {
  if (call.account.id !== id) return notYours('account')
  const ids = await parts.read.ordersOf(id, MOST_LISTED_ORDERS)
  return { status: 200, body: { orders: ids.map((each) => call.links.order(each)) } }
}

/** RFC 8555 section 7.3.5: both keys sign, the new one inside of what the old one signs. */
export async function changeKey(call: AccountCall, parts: AcmeParts): Promise<Answer> {
  const { account, payload, links, key, template } = call
  if (payload === undefined) return malformed('keyChange needs a payload')
  const inner = readJwsObject(payload)
  if (isProblem(inner)) return inner
  const next = keyOf(inner)
  if (isProblem(next)) return next
  const wrong = signatureProblem(inner, next)
  if (wrong !== undefined) return wrong
  if (inner.url !== links.to('key-change')) return malformed('the inner url differs from the outer')
  if (inner.nonce !== undefined) return malformed('the inner JWS has a nonce')
  const named = readJsonObject(inner.payload)
  if (named?.account !== links.account(account.id))
    return malformed('the inner account is not the one that signs')
  const old = keyOf({ ...inner, jwk: named.oldKey })
  if (isProblem(old) || old.thumbprint !== key.thumbprint)
    return malformed('oldKey is not the key of the account')
  const place = keyPlace(template.name, next.thumbprint)
  if (await parts.store.changeKey(account.id, account.key_place, place, JSON.stringify(next.jwk))) {
    return { status: 200, body: accountBody(account, call) }
  }
  const holder = await parts.store.accountByKey(place)
  const location = holder === undefined ? {} : { location: links.account(holder.id) }
  return problem('malformed', 'acme-account-key-taken', {}, { status: 409, ...location })
}

function readContacts(value: unknown): readonly string[] | Problem {
  if (value === undefined) return []
  if (!Array.isArray(value)) return malformed('contact is not a list')
  const list: readonly unknown[] = value
  if (list.length > MOST_CONTACTS)
    return problem('invalidContact', 'acme-contact-refused', { contact: 'a longer list' })
  const texts: string[] = []
  for (const each of list) {
    const contact = typeof each === 'string' ? each.slice(0, 300) : String(typeof each)
    if (!contact.startsWith('mailto:'))
      return problem('unsupportedContact', 'acme-contact-refused', { contact })
    // RFC 8555 section 7.3: one address, and no header fields.
    if (!/^mailto:[^\s@,?]{1,64}@[^\s@,?]{1,200}$/.test(contact)) {
      return problem('invalidContact', 'acme-contact-refused', { contact })
    }
    texts.push(contact)
  }
  return texts
}

function accountBody(account: AcmeAccountTable, { links }: SignedCall): object {
  return {
    status: account.status,
    contact: JSON.parse(account.contacts),
    orders: links.to(`account/${account.id}/orders`),
  }
}

function malformed(detail: string): Problem {
  return problem('malformed', 'acme-request-malformed', { detail })
}

function notYours(what: string): Problem {
  return problem('unauthorized', 'acme-not-yours', { what })
}
