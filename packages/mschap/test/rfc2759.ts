import { fromHex } from '@sallyport/bytes'

/** The worked example of RFC 2759 section 9.2, which RFC 3079 section 3.5 goes on with. */
export const EXAMPLE = {
  userName: 'User',
  password: 'clientPass',
  authenticatorChallenge: fromHex('5b5d7c7d7b3f2f3e3c2c602132262628'),
  peerChallenge: fromHex('21402324255e262a28295f2b3a337c7e'),
  challenge: fromHex('d02e4386bce91226'),
  ntHash: fromHex('44ebba8d5312b8d611474411f56989ae'),
  ntHashHash: fromHex('41c00c584bd2d91c4017a2a12fa59f3f'),
  ntResponse: fromHex('82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df'),
  authenticatorResponse: 'S=407A5589115FD0D6209F510FE9C04566932CDA56',
}
