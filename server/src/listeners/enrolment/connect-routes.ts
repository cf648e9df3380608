import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '../../config/schema.ts'
import type { HandedFile, LinkChoice, OpenedLink, ShownSecret } from '../../profiles/links/link-answers.ts'
import { browserSystem } from '../../profiles/links/page/browser-system.ts'
import type { LinkView } from '../../profiles/links/page/link-page.ts'
import { LINK_POLICY } from '../../profiles/links/page/link-style.ts'
import { acceptedLanguage, isLanguage } from '../../profiles/links/page/page-language.ts'
import type { NoteKind } from '../../profiles/links/page/pages.ts'
import { contentDisposition } from './content-disposition.ts'
import type { EnrolmentServices } from './enrolment-services.ts'
import { isFromOwnPage } from './same-origin.ts'

/** A form has a code or a name and a password, and three short fields. */
const BODY_LIMIT = 8 * 1024
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i
const HTML = 'text/html; charset=utf-8'

const STATUSES: Readonly<Record<NoteKind, number>> = {
  gone: 404,
  wait: 429,
  approval: 403,
  refused: 403,
  wrong: 403,
  nothing: 403,
  unavailable: 503,
}

interface Asked {
  readonly Params: { readonly token?: string }
  readonly Querystring: Readonly<Record<string, unknown>>
}

/**
 * Pages at which people fetch the file of a connection: `/connect` and `/connect/TOKEN`. GET uses nothing up. No script, no
 * cookie: the secret stands in the address or in the form, and an answer stays nowhere.
 */
export function connectRoutes(app: FastifyInstance, services: EnrolmentServices): void {
  const { links, settings } = services.connect
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'content-security-policy': LINK_POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex',
    })
    if (!settings().enabled) return reply.callNotFound()
  })
  // That of the port writes the address into the log, and here it is a secret.
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    const line = { err: error, path: request.routeOptions.url, requestId: request.id }
    if (status >= 500) services.log.error(line, 'A page for people failed.')
    const text = status >= 500 ? `Internal error, request ${request.id}.\n` : 'This cannot be read.\n'
    return reply.code(status).type('text/plain; charset=utf-8').send(text)
  })

  const page = (request: FastifyRequest<Asked>, reply: FastifyReply, form = new URLSearchParams()) =>
    new Answer(services.connect, request, reply, form)

  const handed = async (secret: ShownSecret, choice: LinkChoice, form: URLSearchParams, from: string) => {
    const root = form.get('root')
    return root === null
      ? await links.hand(secret, choice, from)
      : await links.root(secret, choice, root, from)
  }

  app.get<Asked>('/connect', (request, reply) => page(request, reply).start())
  app.get<Asked>('/connect/:token', async (request, reply) => {
    const token = { token: request.params.token ?? '' }
    return await page(request, reply).link(await links.open(token, request.ip), token)
  })
  app.post<Asked>('/connect/:token', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const form = formOf(request)
    if (form === undefined) return page(request, reply).unreadable()
    const answer = page(request, reply, form)
    const choice = answer.choice()
    if (choice === undefined) return answer.unreadable()
    return await answer.file(await handed({ token: request.params.token ?? '' }, choice, form, request.ip))
  })
  app.post<Asked>('/connect', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const form = formOf(request)
    const code = form?.get('code')
    if (form === undefined || code === undefined || code === null) return page(request, reply).unreadable()
    const answer = page(request, reply, form)
    const choice = answer.choice()
    if (choice === undefined) return await answer.link(await links.open({ code }, request.ip), { code })
    return await answer.file(await handed({ code }, choice, form, request.ip))
  })
  app.post<Asked>('/connect/login', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const form = formOf(request)
    if (form === undefined) return page(request, reply).unreadable()
    const [name, password] = [form.get('name') ?? '', form.get('password') ?? '']
    const answer = page(request, reply, form)
    // A blank password proves nothing, whatever a source thinks of it.
    if (name.trim() === '' || password === '') return await answer.note('wrong')
    const outcome = await links.ofPerson(name.trim(), Buffer.from(password), request.ip)
    if (outcome.kind === 'made') return answer.goTo(outcome.token)
    return await answer.note(outcome.kind === 'refused' ? 'wrong' : outcome.kind, waitOf(outcome))
  })
}

/** One answer to one request, in the language it is to be in. The pages are loaded when somebody asks for one. */
class Answer {
  readonly #connect: EnrolmentServices['connect']
  readonly #request: FastifyRequest<Asked>
  readonly #reply: FastifyReply
  readonly #form: URLSearchParams
  /** What the person chose here; a link may say otherwise. */
  readonly #chosen: Language | undefined

  constructor(
    connect: EnrolmentServices['connect'],
    request: FastifyRequest<Asked>,
    reply: FastifyReply,
    form: URLSearchParams,
  ) {
    this.#connect = connect
    this.#request = request
    this.#reply = reply
    this.#form = form
    this.#chosen = [this.#queried('lang'), form.get('lang') ?? undefined].find(isLanguage)
  }

  async start(): Promise<FastifyReply> {
    const { startPage } = await import('../../profiles/links/page/pages.ts')
    const { selfService: hasSelfService } = this.#connect.settings()
    return this.#html(
      200,
      startPage(
        { ...this.#frame(), view: { action: '/connect', method: 'get', fields: {} } },
        { hasSelfService },
      ),
    )
  }

  async link(opened: OpenedLink, secret: ShownSecret): Promise<FastifyReply> {
    if (opened.kind !== 'open') return await this.note(opened.kind, waitOf(opened))
    const { linkPage } = await import('../../profiles/links/page/link-page.ts')
    const { person, offers, language } = opened
    const path = 'token' in secret ? `/connect/${encodeURIComponent(secret.token)}` : undefined
    const base = this.#connect.httpsUrl()
    const own = browserSystem(this.#request.headers['user-agent'])
    const html = linkPage(this.#frame(language), {
      ...{ person, offers, chosen: this.#view(), action: path ?? '/connect' },
      ...('code' in secret && { code: secret.code }),
      ...(own !== undefined && { own }),
      ...(path !== undefined && base !== undefined && { url: base + path }),
    })
    return this.#html(200, html)
  }

  async file(handed: HandedFile): Promise<FastifyReply> {
    if (handed.kind !== 'file') return await this.note(handed.kind, waitOf(handed))
    const { name, mediaType, content } = handed.file
    // Apple's systems install a profile they are shown, and only keep one they are told to keep.
    const isShown = mediaType === 'application/x-apple-aspen-config'
    this.#reply.header('content-disposition', contentDisposition(isShown ? 'inline' : 'attachment', name))
    return this.#reply.type(mediaType).send(typeof content === 'string' ? content : Buffer.from(content))
  }

  async note(kind: NoteKind, seconds = 0): Promise<FastifyReply> {
    const { notePage } = await import('../../profiles/links/page/pages.ts')
    if (kind === 'wait') this.#reply.header('retry-after', String(seconds))
    return this.#html(STATUSES[kind], notePage(this.#frame(), kind, seconds))
  }

  /** Never to another host: the address is a path of this one. */
  goTo(token: string): FastifyReply {
    const language = this.#chosen === undefined ? '' : `?lang=${this.#chosen}`
    return this.#reply.redirect(`/connect/${token}${language}`, 303)
  }

  unreadable(): FastifyReply {
    return this.#reply.code(400).type('text/plain; charset=utf-8').send('This cannot be read.\n')
  }

  /** What a button of the page says; undefined: none was pressed. */
  choice(): LinkChoice | undefined {
    const [connection, output] = [this.#form.get('connection'), this.#form.get('output')]
    if (connection === null || output === null) return undefined
    const password = this.#form.get('password')
    return {
      ...{ connection, output, language: this.#frame().language },
      ...(password !== null && { password }),
    }
  }

  /** What of the link is to be seen: in the address, or in the form of a page that was opened by a code. */
  #view(): LinkView {
    const view: Record<string, string> = {}
    for (const name of ['connection', 'system', 'guide']) {
      const value = this.#queried(name) ?? this.#form.get(name) ?? undefined
      if (value !== undefined) view[name] = value
    }
    return view
  }

  #queried(name: string): string | undefined {
    const value = this.#request.query[name]
    return typeof value === 'string' ? value : undefined
  }

  #html(status: number, html: string): FastifyReply {
    return this.#reply.code(status).type(HTML).send(html)
  }

  #frame(ofLink?: Language) {
    const organization = this.#connect.organization()
    const accepted = acceptedLanguage(this.#request.headers['accept-language'])
    return { organization, language: this.#chosen ?? ofLink ?? accepted ?? organization.language }
  }
}

/** Undefined: it is no form of one of our pages. */
function formOf({ headers, body }: FastifyRequest): URLSearchParams | undefined {
  if (!isFromOwnPage(headers) || !FORM.test(headers['content-type'] ?? '')) return undefined
  return Buffer.isBuffer(body) ? new URLSearchParams(body.toString('utf8')) : undefined
}

function waitOf(answer: { readonly kind: string; readonly seconds?: number }): number {
  return answer.seconds ?? 0
}
