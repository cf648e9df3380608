import type { Api } from '../api.ts'
import { domainPolicySchema } from '../model.ts'
import type { Services } from '../services.ts'

/** What a Windows domain has to know to enrol here. */
export function domainPolicyRoutes(app: Api, services: Services): void {
  app.get(
    '/domain-policy',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['certificates'],
        summary: 'What a Windows domain publishes so that its members enrol here',
        response: { 200: domainPolicySchema },
      },
    },
    () => services.domainPolicy.read(),
  )
}
