/**
 * Counters of a session from reports in their order. Octets are 32 bits wide unless the NAS sends the upper half
 * (Acct-Input-Gigawords, RFC 2869 section 5.1), packets always: a smaller number means that the counter passed 2^32, that
 * the NAS lost its count, or that the report is older than it looks.
 */
export interface Counters {
  readonly inputOctets: number
  readonly outputOctets: number
  readonly inputPackets: number
  readonly outputPackets: number
}

export interface CounterReport {
  readonly inputOctets: number | null
  readonly outputOctets: number | null
  readonly inputPackets: number | null
  readonly outputPackets: number | null
  readonly gigawords: number
}

export interface CounterState {
  total: Counters
  /** What the NAS had counted when it last lost its count: it counts from zero since. */
  lost: Counters
  wraps: number
  resets: number
}

const WORD = 2 ** 32
/** 100 Gbit/s in octets per second; packets are at least 64 octets. What would take more did not happen. */
const FASTEST_OCTETS = 12.5e9
const FASTEST_PACKETS = FASTEST_OCTETS / 64

const NONE: Counters = { inputOctets: 0, outputOctets: 0, inputPackets: 0, outputPackets: 0 }
export const [INPUT, OUTPUT] = [1, 2]

export function newCounters(): CounterState {
  return { total: NONE, lost: NONE, wraps: 0, resets: 0 }
}

/** Takes in the next report, `seconds` after the one before. */
export function count(state: CounterState, report: CounterReport, seconds: number): void {
  if (isReset(state, report, seconds)) {
    state.lost = state.total
    state.resets++
  }
  const { lost, total } = state
  const advance = (now: number | null, name: keyof Counters, wide: boolean, fastest: number): number => {
    if (now === null) return total[name]
    const before = total[name] - lost[name]
    if (wide) return lost[name] + Math.max(before, now)
    const low = before % WORD
    if (now >= low) return lost[name] + before - low + now
    const wrapped = before - low + WORD + now
    if (wrapped - before > seconds * fastest) return total[name]
    state.wraps++
    return Math.min(Number.MAX_SAFE_INTEGER, lost[name] + wrapped)
  }
  const { gigawords } = report
  state.total = {
    inputOctets: advance(report.inputOctets, 'inputOctets', (gigawords & INPUT) !== 0, FASTEST_OCTETS),
    outputOctets: advance(report.outputOctets, 'outputOctets', (gigawords & OUTPUT) !== 0, FASTEST_OCTETS),
    inputPackets: advance(report.inputPackets, 'inputPackets', false, FASTEST_PACKETS),
    outputPackets: advance(report.outputPackets, 'outputPackets', false, FASTEST_PACKETS),
  }
}

/** Octets and packets of one direction begin again together: no wrap does that, since a packet is many octets. */
function isReset({ total, lost }: CounterState, report: CounterReport, seconds: number): boolean {
  if (seconds <= 0) return false
  const fell = (now: number | null, name: keyof Counters, wide = false): boolean => {
    const before = total[name] - lost[name]
    return now !== null && now < (wide ? before : before % WORD)
  }
  const { gigawords } = report
  return (
    (fell(report.inputPackets, 'inputPackets') &&
      fell(report.inputOctets, 'inputOctets', (gigawords & INPUT) !== 0)) ||
    (fell(report.outputPackets, 'outputPackets') &&
      fell(report.outputOctets, 'outputOctets', (gigawords & OUTPUT) !== 0))
  )
}
