import { concat } from '@sallyport/bytes'
import { type Attribute, attribute } from '@sallyport/radius'
import {
  ChapChallenge,
  ChapPassword,
  MsChap2Response,
  MsChapChallenge,
  MsChapResponse,
  UserPassword,
} from '@sallyport/radius/attributes'
import type { RemoteProof } from '../../identity/radius/upstream-check.ts'

/** Any octet: it comes back in MS-CHAP2-Success and MS-CHAP-Error. */
const IDENT = 1

/** The attributes that carry a proof to another server. */
export function proofAttributes(proof: RemoteProof): Attribute[] {
  switch (proof.form) {
    case 'password':
      return [attribute(UserPassword, proof.password)]
    case 'chap':
      return [
        attribute(ChapPassword, concat(Uint8Array.of(proof.id), proof.response)),
        attribute(ChapChallenge, proof.challenge),
      ]
    case 'mschap':
      // RFC 2548 section 2.1.3: ident, flags (1: the NT response counts), LM response, NT response.
      return [
        attribute(MsChapChallenge, proof.challenge),
        attribute(MsChapResponse, concat(Uint8Array.of(IDENT, 1), new Uint8Array(24), proof.ntResponse)),
      ]
    case 'mschapv2':
      // RFC 2548 section 2.3.2: ident, flags, peer challenge, 8 reserved, response.
      return [
        attribute(MsChapChallenge, proof.authenticatorChallenge),
        attribute(
          MsChap2Response,
          concat(Uint8Array.of(IDENT, 0), proof.peerChallenge, new Uint8Array(8), proof.ntResponse),
        ),
      ]
  }
}
