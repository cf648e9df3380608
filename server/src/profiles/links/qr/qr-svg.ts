import { qrSymbol } from './qr-symbol.ts'

/** Light modules around (ISO/IEC 18004 section 6.3.8). */
const QUIET = 4

/** A QR code as a picture inside a page; undefined: the text is too long for one. */
export function qrSvg(text: string): string | undefined {
  const symbol = qrSymbol(text)
  if (symbol === undefined) return undefined
  const size = symbol.length + 2 * QUIET
  const path = symbol
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')))
    .join('')
  return `<svg class="qr" role="img" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
}
