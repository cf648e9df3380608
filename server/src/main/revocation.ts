import { Breakers } from '../enrolment/revocation/breaker.ts'
import { CrlFiles } from '../enrolment/revocation/crl-files.ts'
import { CrlShelf } from '../enrolment/revocation/crl-shelf.ts'
import { type Fetch, fetchOctets } from '../enrolment/revocation/http-fetch.ts'
import { OcspShelf } from '../enrolment/revocation/ocsp-shelf.ts'
import { RevocationService } from '../enrolment/revocation/revocation-service.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Metrics } from '../kernel/metrics.ts'
import { SharedCounter } from '../kernel/shared-counter.ts'

export interface OpenedRevocation {
  readonly service: RevocationService
  /** Grows when a list changed: workers forget what they were told. */
  readonly changes: SharedArrayBuffer
}

/** Revocation for the RADIUS workers, with what it keeps in `folder`. */
export function openRevocation(parts: {
  readonly folder: string
  readonly clock: Clock
  readonly metrics: Metrics
  /** Told of the serials a list names for the first time: who is in by such a certificate is decided again. */
  readonly revoked: (serials: readonly string[]) => void
}): OpenedRevocation {
  const { folder, clock, metrics, revoked } = parts
  const changes = new SharedCounter()
  const breakers = new Breakers(clock.monotonic)
  const fetches = metrics.counter('revocation_fetches_total', 'CRLs and OCSP answers asked for', [
    'kind',
    'outcome',
  ])
  const fetch: Fetch = async (wanted) => {
    const kind = wanted.body === undefined ? 'crl' : 'ocsp'
    try {
      const octets = await fetchOctets(wanted)
      fetches.inc({ kind, outcome: 'done' })
      return octets
    } catch (error) {
      fetches.inc({ kind, outcome: 'failed' })
      throw error
    }
  }
  const changed = () => changes.increment()
  const crls = new CrlShelf({
    ...{ clock, fetch, breakers, files: new CrlFiles(folder) },
    changed: (serials) => {
      changed()
      if (serials.length > 0) revoked(serials)
    },
  })
  metrics.gauges(
    'revocation_list_next_update_seconds',
    'When a fetched CRL ends, in seconds since 1970; 0: none is there',
    ['url'],
    () => crls.list().map(({ url, crl }) => [{ url }, (crl?.nextUpdate ?? 0) / 1000]),
  )
  const ocsp = new OcspShelf({ clock, fetch, breakers })
  return { service: new RevocationService({ clock, crls, ocsp, changed }), changes: changes.buffer }
}
