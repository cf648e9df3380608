import { attribute } from '@sallyport/radius'
import { WISPrBandwidthMaxDown, WISPrBandwidthMaxUp } from '@sallyport/radius/attributes'
import { term } from './term.ts'

/** WISPr counts bits a second; 32 bits hold a little more than 4 Gbit/s. */
const BITS = 1000

export const wisprTerms = {
  bandwidth: term<'bandwidth'>('memory', 'WISPr-Bandwidth-Max-Down, -Up; bit/s', ({ downKbps, upKbps }) => [
    ...(downKbps === undefined ? [] : [attribute(WISPrBandwidthMaxDown, downKbps * BITS)]),
    ...(upKbps === undefined ? [] : [attribute(WISPrBandwidthMaxUp, upKbps * BITS)]),
  ]),
}
