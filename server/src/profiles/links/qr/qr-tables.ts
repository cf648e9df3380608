/** One size of symbol at error correction level M (ISO/IEC 18004 tables 7 and 9, annex E). */
export interface QrVersion {
  readonly number: number
  /** Octets of error correction in each block. */
  readonly correction: number
  /** Octets of data in each block, the short blocks first. */
  readonly blocks: readonly number[]
  /** Centres of alignment patterns, in both directions. */
  readonly alignment: readonly number[]
}

const times = (count: number, size: number): readonly number[] => Array.from({ length: count }, () => size)

/** Up to 213 octets: longer addresses get no picture. */
export const QR_VERSIONS: readonly QrVersion[] = [
  { number: 1, correction: 10, blocks: times(1, 16), alignment: [] },
  { number: 2, correction: 16, blocks: times(1, 28), alignment: [6, 18] },
  { number: 3, correction: 26, blocks: times(1, 44), alignment: [6, 22] },
  { number: 4, correction: 18, blocks: times(2, 32), alignment: [6, 26] },
  { number: 5, correction: 24, blocks: times(2, 43), alignment: [6, 30] },
  { number: 6, correction: 16, blocks: times(4, 27), alignment: [6, 34] },
  { number: 7, correction: 18, blocks: times(4, 31), alignment: [6, 22, 38] },
  { number: 8, correction: 22, blocks: [...times(2, 38), ...times(2, 39)], alignment: [6, 24, 42] },
  { number: 9, correction: 22, blocks: [...times(3, 36), ...times(2, 37)], alignment: [6, 26, 46] },
  { number: 10, correction: 26, blocks: [...times(4, 43), 44], alignment: [6, 28, 50] },
]
