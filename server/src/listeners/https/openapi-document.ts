import { createApi } from './api.ts'
import type { Services } from './services.ts'

/** The content of `docs/openapi.json`, which `npm run generate` writes. */
export async function openApiDocument(): Promise<object> {
  // Routes are registered, never called: nothing stands behind them.
  const api = await createApi({ log: undefined, accounts: undefined } as unknown as Services, {
    tls: {},
    openMetrics: false,
  })
  try {
    return (await api.inject('/api/openapi.json')).json()
  } finally {
    await api.close()
  }
}
