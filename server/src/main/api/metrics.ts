import { renderMetrics } from '../../kernel/metrics.ts'
import type { Services } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'

export function metricsApi({ metrics, stores, workers }: ApiParts): Services['metrics'] {
  return {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    render: async () => {
      const threads = [
        metrics.snapshot(),
        stores.control.metrics(),
        ...workers.map((worker) => worker.remote.metrics()),
      ]
      return renderMetrics(await Promise.all(threads))
    },
  }
}
