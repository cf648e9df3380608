import { type ClientError, rowsOf } from './client-error.ts'

const row = rowsOf('Windows')
const guess = rowsOf('Windows', 'experience')

/** Codes of the remote access service from 800 on (same sources as those below). */
export const WINDOWS_TUNNEL_ERRORS: readonly ClientError[] = [
  row('reach', '800', 'None of the tunnel types came up.', [
    [
      'The name of the gateway is wrong or does not resolve.',
      'Resolve the name on the client: Resolve-DnsName.',
    ],
    [
      'All tunnels of type automatic failed, each for a reason of its own.',
      'Choose one type, and read the code it gives.',
    ],
  ]),
  row('server-certificate', '801', 'The certificate of the gateway could not be checked.', [
    [
      'Its root is not trusted by the computer.',
      'Import the root into the machine store (Trusted Root Certification Authorities).',
    ],
  ]),
  row('reach', '806', 'GRE of PPTP does not get through.', [
    [
      'A firewall or router between client and gateway drops IP protocol 47.',
      'Let protocol 47 through, or better use IKEv2 or SSTP.',
    ],
  ]),
  guess('reach', '807', 'The tunnel was interrupted.', [
    [
      'Large IKE packets are cut into fragments which somebody drops.',
      'Allow IKE fragmentation at the gateway (RFC 7383).',
    ],
    ['The connection to the network was lost.', 'Try another network.'],
  ]),
  row('reach', '808', 'The gateway refused the connection.', [
    [
      'Nothing listens on the port (PPTP: 1723, SSTP: 443).',
      'Start the VPN service at the gateway, or correct the address.',
    ],
  ]),
  row('reach', '809', 'The gateway does not answer.', [
    [
      'UDP 500 and 4500 (SSTP: TCP 443) are blocked on the way.',
      'Open them at the gateway and its firewall: the file firewall of sallyport gateways make lists them. Try another network.',
    ],
    [
      'The gateway of L2TP stands behind address translation.',
      'Set AssumeUDPEncapsulationContextOnSendRule to 2 (the scripts made here do it) and restart.',
    ],
    [
      'Fragments of large IKE packets are dropped: the certificate does not fit into one.',
      'Switch IKE fragmentation on at the gateway (RFC 7383).',
    ],
  ]),
  row('negotiation', '810', 'The certificate of IPsec is not accepted.', [
    [
      'It has ended, or its root is unknown to the other side.',
      'Enrol a new one for the gateway or the computer.',
    ],
  ]),
  row('negotiation', '811', 'The shared key of IPsec is not accepted.', [
    ['The shared keys differ.', 'Set the connection up again with a newly made file.'],
  ]),
  row('authentication', '812', 'The policy of the VPN server does not let this login in.', [
    [
      'A rule refused it, or none matched: group, method, time, device.',
      'sallyport explain --user NAME shows each rule and what failed.',
    ],
    [
      'The gateway takes other authentication methods than the connection uses.',
      'Compare the methods of the gateway with those of the connection; on Windows Server: event 20276.',
    ],
    [
      'Another policy server answers: NPS on the gateway itself.',
      'Let the gateway ask this server: Set-VpnAuthType -Type ExternalRadius.',
    ],
  ]),
  row(
    'authentication',
    '823 824 845',
    'The outside and inside of PEAP do not belong together (crypto-binding).',
    [
      [
        'Somebody stands between client and server, or a proxy ends the tunnel.',
        'Let the gateway ask this server directly; if it does, treat it as an attack.',
      ],
    ],
  ),
  row('client', '825', 'PPTP needs IPv4.', [
    ['The network of the client has IPv6 alone.', 'Use IKEv2 or SSTP.'],
  ]),
  row('client', '827', 'IPsec is stopped on this computer.', [
    ['The service IKEEXT is stopped.', 'Start it, and set it to start automatically.'],
  ]),
  row('client', '828', 'The tunnel was idle and ended.', [
    [
      'idleDisconnectMinutes of the connection, or Idle-Timeout of the profile.',
      'Connect again; set a longer time if it is too short.',
    ],
  ]),
  row('reach', '829', 'The tunnel was lost.', [
    ['The network changed or went away.', 'Connect again; reconnect: true does it by itself.'],
  ]),
  row('server-certificate', '835', 'The name of the L2TP gateway is not in its certificate.', [
    [
      'The client connects to another name than the certificate says.',
      'Use the name of the certificate in the connection.',
    ],
  ]),
  row('after-accept', '840', 'The client got no inner address.', [
    [
      'The gateway has no free address, or the one this server gave cannot be used there.',
      'Look at the pool of the gateway and at Framed-IP-Address: sallyport reply.',
    ],
  ]),
  row('negotiation', '842', 'The networks of the tunnel were not agreed on.', [
    ['Traffic selectors of gateway and client differ.', 'Take both from the same connection.'],
  ]),
  row('client', '850', 'The EAP method of the connection is not on this computer.', [
    [
      'The profile names a method this Windows does not have.',
      'Use EAP-TLS, PEAP, EAP-TTLS or EAP-MSCHAPv2.',
    ],
  ]),
  row('client-certificate', '853', 'The server did not accept the certificate of the client.', [
    [
      'Its issuing CA is not trusted for this, or it has no client authentication.',
      'sallyport explain --user NAME says what was wrong with it.',
    ],
    ['On Windows Server: the issuing CA is not in NTAuth.', 'sallyport domain script publishes it.'],
    [
      'TLS 1.3 of Windows 11 22H2 against an old server.',
      'Bring the policy server up to date, or fix TLS 1.2.',
    ],
  ]),
  row('client-certificate', '854', 'The certificate of the client has ended.', [
    ['It was not renewed in time.', 'Enrol a new one: sallyport links create --user NAME.'],
  ]),
  row('client-certificate', '855', 'The certificate of the client was revoked.', [
    [
      'Somebody revoked it, or the account was disabled.',
      'sallyport certificates list --search NAME says when and why.',
    ],
  ]),
  row('client-certificate', '856', 'The certificate of the client is of another person or machine.', [
    ['The name in it does not belong to the account.', 'Choose the right certificate; delete old ones.'],
  ]),
  row(
    'server-certificate',
    '857 858 859 861 862 863 864 865 866',
    'The client does not accept the certificate of the RADIUS server.',
    [
      [
        'The root in the profile is not that of the server, or the name differs.',
        'sallyport connections lint; set the connection up again with a newly made file.',
      ],
      ['The certificate of the server has ended or was revoked.', 'sallyport certificates expiring.'],
    ],
  ),
  row('authentication', '867', 'The names outside and inside of PEAP differ.', [
    [
      'The anonymous name belongs to another realm than the account.',
      'Give anonymous@ the realm of the account.',
    ],
  ]),
  row('reach', '868', 'The name of the gateway does not resolve.', [
    [
      'The name is wrong, or not in public DNS.',
      'Resolve-DnsName on the client; enter the name of the gateway in public DNS.',
    ],
    [
      'The client asks a DNS server that does not know it.',
      'Look which DNS server answers; NRPT rules for the suffix must not send it into the tunnel.',
    ],
  ]),
].flat()
