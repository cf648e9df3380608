import { concat } from '@sallyport/bytes'
import type { EapKeys } from '../result.ts'
import type { TlsSession } from './engine.ts'

/** RFC 5705 labels of TLS 1.2, by EAP type; TLS 1.3 has one label and the type as context. */
const TLS12_LABELS: Readonly<Record<number, string>> = {
  13: 'client EAP encryption', // RFC 5216 section 2.3
  21: 'ttls keying material', // RFC 5281 section 8
  25: 'client EAP encryption', // [MS-PEAP] section 3.1.5.5.1
}

/**
 * MSK, EMSK and Session-Id of a TLS-based method: RFC 5216 section 2.3 and RFC 5281 section 8 for TLS 1.2, RFC 9190
 * section 2.3 and RFC 9427 section 2.1 for TLS 1.3.
 */
export function deriveKeys(session: TlsSession, type: number, randoms: Uint8Array): EapKeys {
  const context = Uint8Array.of(type)
  if (session.facts().version === 'TLSv1.3') {
    const material = session.exportKeyingMaterial(128, 'EXPORTER_EAP_TLS_Key_Material', context)
    const methodId = session.exportKeyingMaterial(64, 'EXPORTER_EAP_TLS_Method-Id', context)
    return cut(material, concat(context, methodId))
  }
  const material = session.exportKeyingMaterial(128, TLS12_LABELS[type] as string)
  return cut(material, concat(context, randoms))
}

function cut(material: Uint8Array, sessionId: Uint8Array): EapKeys {
  return { msk: material.subarray(0, 64), emsk: material.subarray(64, 128), sessionId }
}
