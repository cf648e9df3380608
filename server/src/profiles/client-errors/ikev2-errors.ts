import { type ClientError, rowsOf } from './client-error.ts'

const row = rowsOf('IKEv2')

/** What strongSwan and others name as IKEv2 does (notify messages, RFC 7296 section 3.10.1). */
export const IKEV2_ERRORS: readonly ClientError[] = [
  row('authentication', 'AUTHENTICATION_FAILED', 'One side did not accept the proof of the other.', [
    ['The policy server refused the login.', 'sallyport explain --user NAME.'],
    [
      'The certificate of the gateway does not hold the name the client expects, or its root is unknown.',
      'Compare the name in the certificate with the remote identity of the profile.',
    ],
  ]),
  row('negotiation', 'NO_PROPOSAL_CHOSEN', 'Gateway and client have no suite in common.', [
    ['They were set up from different descriptions.', 'Make both files anew from the same connection.'],
  ]),
  row('negotiation', 'INVALID_KE_PAYLOAD', 'The Diffie-Hellman group was not the one the gateway wants.', [
    [
      'The client guesses another group first; it tries again by itself.',
      'If it does not, set the group of the connection in the client.',
    ],
  ]),
  row('after-accept', 'TS_UNACCEPTABLE', 'The networks of the tunnel were not agreed on.', [
    [
      'The client asks for networks the gateway does not offer this person.',
      'Compare routes of the connection with local_ts of the gateway.',
    ],
  ]),
  row('after-accept', 'INTERNAL_ADDRESS_FAILURE', 'The gateway had no inner address for the client.', [
    [
      'The pool is full, or the policy gives no Framed-IP-Address where the gateway takes none but that.',
      'Widen addressPool, or give an address in the profile: sallyport reply.',
    ],
  ]),
  row('after-accept', 'FAILED_CP_REQUIRED', 'The gateway wants the client to ask for an inner address.', [
    ['The client does not ask for one.', 'Set vips in the client (the file made here does).'],
  ]),
  row('negotiation', 'NO_ADDITIONAL_SAS', 'The gateway takes no further tunnel of this client.', [
    ['A limit at the gateway.', 'End the older tunnel.'],
  ]),
].flat()
