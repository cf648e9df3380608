/** One line of the result: medians of both servers and what is asked of them. */
export interface Row {
  readonly case: string
  readonly unit: string
  readonly ours: number
  readonly peer: number | undefined
  readonly peerName: string
  /** ours / peer. */
  readonly ratio: number | undefined
  /** Empty where nothing is asked: the row explains another. */
  readonly goal: string
  readonly met: boolean | undefined
  /** The figure of every run, in order. */
  readonly runs: { readonly ours: readonly number[]; readonly peer: readonly number[] }
}

export interface Goal {
  readonly text: string
  isMet(ours: number, ratio: number | undefined): boolean
}

export function ratioAtLeast(bound: number): Goal {
  return {
    text: `ratio >= ${bound}`,
    isMet: (_, ratio) => ratio !== undefined && ratio >= bound,
  }
}

export function ratioAtMost(bound: number): Goal {
  return { text: `ratio <= ${bound}`, isMet: (_, ratio) => ratio !== undefined && ratio <= bound }
}

export function oursBelow(bound: number, unit: string): Goal {
  return { text: `< ${bound} ${unit}`, isMet: (ours) => ours < bound }
}

export interface Figures<OurRun, PeerRun> {
  readonly case: string
  readonly unit: string
  readonly peerName?: string
  readonly goal?: Goal
  readonly runs: { readonly ours: readonly OurRun[]; readonly peer: readonly PeerRun[] }
}

/** @param figure the figure of one run */
export function row<OurRun extends object, PeerRun extends object>(
  figures: Figures<OurRun, PeerRun>,
  figure: (run: OurRun | PeerRun) => number,
): Row {
  const { case: name, unit, peerName = 'FreeRADIUS', goal } = figures
  const runs = { ours: figures.runs.ours.map(figure), peer: figures.runs.peer.map(figure) }
  const ours = median(runs.ours)
  const peer = runs.peer.length === 0 ? undefined : median(runs.peer)
  const ratio = peer === undefined || peer === 0 ? undefined : ours / peer
  return {
    ...{ case: name, unit, ours, peer, ratio, runs },
    peerName: peer === undefined ? '' : peerName,
    goal: goal?.text ?? '',
    met: goal?.isMet(ours, ratio),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const low = sorted[(sorted.length - 1) >> 1]
  const high = sorted[sorted.length >> 1]
  if (low === undefined || high === undefined) throw new Error('the median of nothing')
  return (low + high) / 2
}
