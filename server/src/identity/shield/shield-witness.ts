import type { Logger } from '../../kernel/logging.ts'
import { formatMac, normaliseMac } from '../../kernel/mac-address.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import type { ShieldWitness } from './shield-guard.ts'

/** A word in the log once for each account and window, and a number for each attempt. */
export function shieldWitness(metrics: Metrics, log: Logger): ShieldWitness {
  const stopped = metrics.counter(
    'shield_stopped_total',
    'Logins the lock-out shield answered without asking the directory',
    ['source', 'why'],
  )
  return {
    stopped: (source, why) => stopped.inc({ source, why }),
    alarm: ({ user, source, station, client }, { used, threshold }) => {
      const mac = normaliseMac(station)
      const device = mac === undefined ? station : formatMac(mac)
      log.warn(
        { user, source, device, client, failures: used, lockoutThreshold: threshold },
        `Device ${device} keeps sending wrong passwords of "${user}" and is kept from "${source}", which locks the account at ${threshold}. See: sallyport shield list`,
      )
    },
  }
}
