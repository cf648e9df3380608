/**
 * Ours, peer, ours, peer ...: what changes on the machine meanwhile meets both. One after the other, because they share
 * the core.
 */
export async function alternate<OurRun, PeerRun>(
  name: string,
  runs: number,
  ours: () => Promise<OurRun>,
  peer: () => Promise<PeerRun>,
): Promise<{ ours: OurRun[]; peer: PeerRun[] }> {
  const results: { ours: OurRun[]; peer: PeerRun[] } = { ours: [], peer: [] }
  for (let run = 1; run <= runs; run++) {
    console.error(`${name}: pair ${run} of ${runs}`)
    results.ours.push(await ours())
    results.peer.push(await peer())
  }
  return results
}
