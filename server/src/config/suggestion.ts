/** The known word that was probably meant; undefined where none is near enough. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const plain = normalized(word)
  const limit = Math.max(1, Math.floor(plain.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of known) {
    const other = normalized(candidate)
    // `eap-peap` is `peap` with a word too many.
    const distance = plain.includes(other)
      ? Math.min(limit, editDistance(plain, other))
      : editDistance(plain, other)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `vlan_id`, `VLAN-ID` and `vlanId` are one word. */
function normalized(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}

/** Optimal string alignment: insertions, deletions, changes, and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (beforePrevious[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap))
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.length] ?? 0
}
