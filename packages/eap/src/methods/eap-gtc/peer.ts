import { fromUtf8 } from '@sallyport/bytes'
import { EapType } from '../../eap-type.ts'
import type { EapPeerMethodFactory } from '../../peer-method.ts'

/** EAP-GTC, peer side (RFC 3748 section 5.6): answers the prompt with the password. */
export function gtcPeer(credentials: { readonly password: string }): EapPeerMethodFactory {
  return () => ({
    type: EapType.Gtc,
    respond: () => ({
      kind: 'send',
      data: fromUtf8(credentials.password),
      decision: 'success',
    }),
    close: () => {},
  })
}
