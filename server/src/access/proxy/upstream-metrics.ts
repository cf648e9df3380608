import type { Metrics } from '../../kernel/metrics.ts'
import type { CountUpstream } from './upstreams.ts'

export function countUpstreams(metrics: Metrics): CountUpstream {
  const requests = metrics.counter('upstream_requests_total', 'Requests to upstreams by what came of them', [
    'upstream',
    'port',
    'outcome',
  ])
  return (upstream, port, outcome) => requests.inc({ upstream, port, outcome })
}
