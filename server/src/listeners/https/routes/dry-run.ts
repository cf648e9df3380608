import type { Api } from '../api.ts'
import {
  dryReplyRequestSchema,
  dryReplySchema,
  policyTrialRequestSchema,
  policyTrialSchema,
} from '../dry-run-model.ts'
import { nameParameter } from '../model.ts'
import type { Services } from '../services.ts'

/** What would be answered; nothing is sent, counted or kept. */
export function dryRunRoutes(app: Api, services: Services): void {
  app.post(
    '/clients/:name/reply',
    {
      config: { role: 'operator', readOnly: true },
      schema: {
        tags: ['clients'],
        summary: 'The attributes of an accept with these profiles, as they would go out to this client',
        params: nameParameter,
        body: dryReplyRequestSchema,
        response: { 200: dryReplySchema },
      },
    },
    (request) => services.dryRuns.reply(request.params.name, request.body),
  )

  app.post(
    '/policy/try',
    {
      config: { role: 'operator', readOnly: true },
      schema: {
        tags: ['policy'],
        summary: 'What the rules would decide about a login, and the answer it would get',
        body: policyTrialRequestSchema,
        response: { 200: policyTrialSchema },
      },
    },
    (request) => services.dryRuns.tryPolicy(request.body),
  )
}
