import { type ClientError, rowsOf } from './client-error.ts'

const row = rowsOf('Windows')
const guess = rowsOf('Windows', 'experience')

/** Codes of IKE (13800 and up, winerror.h), of SSTP and of EapHost (eaphosterror.h). */
export const WINDOWS_SECURITY_ERRORS: readonly ClientError[] = [
  row('server-certificate', '13801', 'IKE did not accept the proof of the other side.', [
    [
      'The certificate of the gateway lacks server authentication, has ended, or holds another name.',
      'Issue the gateway a certificate from the template vpn-gateway for the name clients connect to.',
    ],
    [
      'The root of the gateway is missing in the machine store of the client.',
      'Import it there, not into the store of the user; the scripts made here do it.',
    ],
    [
      'Machine certificates: the gateway does not trust the CA of the computer.',
      'Add the CA at the gateway (RootCertificateNameToAccept).',
    ],
  ]),
  row('reach', '13805 13816', 'IKE timed out or failed without saying why.', [
    [
      'Packets are lost on the way, or fragments are dropped.',
      'Open UDP 500 and 4500; switch IKE fragmentation on.',
    ],
  ]),
  row('client-certificate', '13806', 'The computer has no valid certificate for IKE.', [
    [
      'No certificate of the machine leads to a root that the gateway takes.',
      'Enrol a certificate for the computer, in the machine store.',
    ],
  ]),
  row('negotiation', '13817 13848', 'The revocation of a certificate could not be checked.', [
    [
      'The CRL named in the certificate cannot be reached from there.',
      'Set enrolment.httpUrl to what clients and gateways reach by plain HTTP, and look whether it answers.',
    ],
  ]),
  row('negotiation', '13819', 'The certificate is of a kind IKE cannot use.', [
    ['Its key or extended key usage does not fit.', 'Issue it from the template vpn-gateway or computer.'],
  ]),
  row('negotiation', '13825', 'There is no policy for this connection.', [
    [
      'The gateway knows no connection of this kind.',
      'Compare the connections at the gateway with the profile.',
    ],
  ]),
  row('negotiation', '13868', 'Gateway and client have no suite in common.', [
    [
      'The client offers what Windows offers by default, with modp1024; gateways refuse that.',
      'Set the connection up with a newly made file: it sets all six values. sallyport connections lint shows them.',
    ],
    [
      'The gateway was set up for other suites.',
      'sallyport gateways make writes those of the same connection.',
    ],
  ]),
  guess('reach', '0x80072746', 'SSTP: the gateway cut the connection.', [
    [
      'No certificate is bound to port 443, or something else listens there.',
      'netsh http show sslcert at the gateway.',
    ],
  ]),
  guess('reach', '0x80070040', 'SSTP: the connection was lost during set-up.', [
    ['A proxy or firewall between ends TLS.', 'Let TCP 443 to the gateway through without inspection.'],
  ]),
  row('server-certificate', '0x800B0109', 'The root of the certificate is not trusted.', [
    [
      'The root is missing on the client.',
      'Import it into the machine store (Trusted Root Certification Authorities).',
    ],
  ]),
  row('server-certificate', '0x800B0101', 'The certificate is not valid now.', [
    [
      'It has ended, or the clock of the client is wrong.',
      'Set the clock; renew the certificate of the gateway.',
    ],
  ]),
  row('authentication', '0x80420014', 'EAP could not find out who it is.', [
    [
      'The client gave no identity: no stored name, no certificate.',
      'Let the client ask for the name, or enrol a certificate.',
    ],
  ]),
  row('authentication', '0x80420015', 'EAP failed.', [
    ['The server refused the login.', 'sallyport explain --user NAME says why.'],
  ]),
  row(
    'client-certificate',
    '0x80420100 0x80420101 0x80420102 0x80420103 0x80420104 0x80420105',
    'EAP cannot use the certificate of the person.',
    [
      [
        'It is not there, has ended, was revoked, or the server refused it.',
        'Enrol a new one: sallyport links create --user NAME. sallyport explain --user NAME says what the server refused.',
      ],
    ],
  ),
  row('authentication', '0x80420111 0x80420112', 'Name or password was refused.', [
    ['The password or the name is wrong, or the account may not log in.', 'sallyport explain --user NAME.'],
  ]),
  row(
    'server-certificate',
    '0x80420200 0x80420201 0x80420202 0x80420203 0x80420204',
    'EAP does not accept the certificate of the RADIUS server.',
    [
      [
        'It has ended, was revoked, or is of another name or root than the profile says.',
        'sallyport connections lint; sallyport certificates expiring.',
      ],
    ],
  ),
  row(
    'server-certificate',
    '0x80420300 0x80420301 0x80420302 0x80420400 0x80420401 0x80420406',
    'The root or name of the RADIUS server that the profile wants is not there.',
    [
      [
        'The root was not imported, or the profile names another server.',
        'Set the connection up again with a newly made file.',
      ],
    ],
  ),
].flat()
