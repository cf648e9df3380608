import * as z from 'zod'
import { RequestError } from '../../../kernel/errors.ts'
import type { Api } from '../api.ts'
import {
  explanationSchema,
  idParameter,
  loginsUnderWayQuerySchema,
  loginUnderWaySchema,
  pageOf,
  receiptDetailSchema,
  receiptQuerySchema,
  receiptSchema,
} from '../model.ts'
import type { Services } from '../services.ts'

/** What was decided, and why. */
export function receiptRoutes(app: Api, services: Services): void {
  const tags = ['receipts']

  app.get(
    '/receipts',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Decisions, newest first',
        querystring: receiptQuerySchema,
        response: { 200: pageOf(receiptSchema) },
      },
    },
    (request) => services.receipts.list(request.query),
  )

  app.get(
    '/logins-under-way',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Logins by EAP of this server that are not decided yet',
        querystring: loginsUnderWayQuerySchema,
        response: { 200: z.object({ items: z.array(loginUnderWaySchema).readonly() }) },
      },
    },
    async (request) => ({ items: await services.receipts.underWay(request.query) }),
  )

  app.get(
    '/receipts/:id',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'One receipt whole',
        params: idParameter,
        response: { 200: receiptDetailSchema },
      },
    },
    async (request) => found(await services.receipts.get(request.params.id), request.params.id),
  )

  app.get(
    '/receipts/:id/explanation',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Why: the decision made again from the stored facts, step by step',
        params: idParameter,
        response: { 200: explanationSchema },
      },
    },
    async (request) => found(await services.receipts.explain(request.params.id), request.params.id),
  )
}

function found<Value>(value: Value | undefined, id: string): Value {
  if (value === undefined) {
    throw new RequestError('not-found', `There is no receipt "${id}". It may be older than what is kept.`)
  }
  return value
}
