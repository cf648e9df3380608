import { type ClientError, rowsOf } from './client-error.ts'

const row = rowsOf('Windows')
const guess = rowsOf('Windows', 'experience')

/**
 * Codes of the remote access service below 800 (raserror.h; the RAS error list of the Win32 documentation gives the
 * meanings; causes marked `experience` are from the field).
 */
export const WINDOWS_DIALING_ERRORS: readonly ClientError[] = [
  guess('client', '87', 'The connection is described in a way Windows does not understand.', [
    [
      'EAP settings and suites of the profile contradict each other.',
      'Remove the connection and set it up again with a newly made file.',
    ],
    [
      'A WAN Miniport is damaged.',
      'Device Manager, hidden devices: uninstall the WAN Miniports and restart.',
    ],
  ]),
  guess('reach', '619 628', 'The connection was closed before the login was through.', [
    [
      'GRE (IP protocol 47) of PPTP is blocked between client and gateway.',
      'Try another network; better, use IKEv2 or SSTP instead of PPTP.',
    ],
    [
      'The gateway refuses the authentication method.',
      'Compare the methods allowed at the gateway with that of the connection.',
    ],
    ['The gateway has no free port or licence.', 'Look at the number of tunnels at the gateway.'],
  ]),
  guess('reach', '629 638 678', 'The way to the gateway is closed.', [
    [
      'The way to the gateway, or its VPN service, is down.',
      'Reach the gateway by name from the same network; look whether its VPN service runs.',
    ],
  ]),
  row('client', '633 756', 'The connection or its port is in use already.', [
    [
      'It is being dialled already, or another program holds the port.',
      'End the other connection, or restart the computer.',
    ],
  ]),
  guess('authentication', '645', 'The gateway could not check who it is.', [
    [
      'The gateway could not ask the policy server.',
      'sallyport gateways check NAME: does the gateway reach this server, with the right secret?',
    ],
  ]),
  row('authentication', '646', 'The account may not log in at this hour.', [
    ['Logon hours of the account.', 'Widen the logon hours of the account, or try within them.'],
  ]),
  row('authentication', '647', 'The account is disabled.', [
    ['Somebody disabled the account.', 'Enable it in its directory.'],
  ]),
  row('authentication', '648', 'The password has expired.', [
    ['The password is too old.', 'Change it: at a computer in the office, or in the dialogue Windows shows.'],
  ]),
  row('authentication', '649', 'The account has no dial-in permission.', [
    [
      'msNPAllowDialin of the account says no, or no rule lets it in.',
      'Look at the rules, and at the tab Dial-in of the account.',
    ],
  ]),
  guess('client', '651', 'The modem or WAN Miniport reported an error.', [
    [
      'The driver of the WAN Miniport is damaged, or PPPoE below is down.',
      'Device Manager: uninstall the WAN Miniports, restart; check the line below.',
    ],
  ]),
  row('authentication', '691', 'Access was denied: the name, the password or the protocol is not accepted.', [
    [
      'The password or the name is wrong, or the name has another form (alice, EXAMPLE\\alice, alice@example.org).',
      'Type the name in the form the guide shows; try the password at another place.',
    ],
    ['No rule lets the person in.', 'sallyport explain --user NAME shows each rule and what failed.'],
    [
      'MS-CHAPv2 is switched off at the directory or the gateway.',
      'sallyport test directory; look at the methods allowed at the gateway.',
    ],
  ]),
  guess('after-accept', '718', 'The login through PPP took too long.', [
    [
      'The gateway waits too short a time for this server, or this server for a directory.',
      'Raise the time-out at the gateway (timeoutSeconds); sallyport sources shows slow directories.',
    ],
  ]),
  row('after-accept', '720', 'No network protocol could be agreed on.', [
    [
      'The gateway has no free address, or the one this server gave is not its own.',
      'Look at the address pool of the gateway, and at Framed-IP-Address in the profile: sallyport reply.',
    ],
    [
      'IPv4 is unticked on the connection, or the WAN Miniport is damaged.',
      'Tick IPv4; uninstall the WAN Miniports and restart.',
    ],
  ]),
  row('after-accept', '734', 'The gateway ended PPP.', [
    [
      'Encryption is demanded, and no keys came with the accept: PAP and CHAP have none.',
      'Use MS-CHAPv2 or EAP; the accept must hold MS-MPPE keys.',
    ],
    ['No common authentication protocol.', 'Compare the methods of gateway and connection.'],
  ]),
  row('after-accept', '741', 'This computer does not support the encryption asked for.', [
    [
      'The connection asks for stronger encryption than the tunnel can.',
      'Set the encryption of the connection to required, and use IKEv2 or SSTP.',
    ],
  ]),
  row('after-accept', '742', 'The gateway does not support the encryption asked for.', [
    [
      'MPPE keys or MS-MPPE-Encryption-Policy are missing in the accept, or encryption is off at the gateway.',
      'Use a method with keys (MS-CHAPv2, EAP); allow 128-bit MPPE at the gateway.',
    ],
  ]),
  row('negotiation', '766 786', 'L2TP needs a machine certificate, and there is none.', [
    [
      'The computer holds no certificate, and the connection has no shared key.',
      'Enrol a certificate for the computer, or set the shared key in the connection.',
    ],
  ]),
  row('client', '768', 'Windows could not encrypt: IPsec is not there.', [
    [
      'The services IKEEXT or PolicyAgent are stopped, or FIPS mode forbids the suite.',
      'Start both services; choose suites that FIPS mode allows.',
    ],
  ]),
  row('server-certificate', '778', 'The server could not prove who it is.', [
    [
      'Mutual authentication failed: the server answered MS-CHAPv2 wrongly.',
      'Somebody may play the gateway. Check the name of the gateway, and the secret between it and this server.',
    ],
  ]),
  row('client', '784 785 805', 'The connection cannot be used before sign-in.', [
    [
      'It is a personal connection, or a smart card is not there.',
      'Set it up for all users: output windows-script-all-users.',
    ],
  ]),
  row('negotiation', '787', 'The other side of L2TP could not prove who it is.', [
    [
      'The shared keys differ, or the certificate of the gateway is not trusted.',
      'Compare the shared key on both sides; check the root certificates of the computer.',
    ],
  ]),
  row('negotiation', '788', 'The security parameters of L2TP were not agreed on.', [
    [
      'IPsec suites of gateway and client differ.',
      'Take the suites of the same connection on both: sallyport gateways make.',
    ],
  ]),
  row('negotiation', '789', 'IPsec below L2TP failed while it was set up.', [
    ['The shared keys differ.', 'Set the connection up again with a newly made file.'],
    [
      'The gateway or the client stands behind address translation.',
      'Set AssumeUDPEncapsulationContextOnSendRule to 2 below HKLM\\SYSTEM\\CurrentControlSet\\Services\\PolicyAgent and restart; the scripts made here do it.',
    ],
    ['The services IKEEXT or PolicyAgent are stopped.', 'Start them, and set them to start automatically.'],
  ]),
  row('negotiation', '790 791 792 793', 'A certificate or key of L2TP could not be checked.', [
    [
      'The root of the gateway is missing, or its certificate has no suitable extended key usage.',
      'Import the root into the machine store; issue the gateway a certificate from the template vpn-gateway.',
    ],
  ]),
  row('after-accept', '794', 'Framed-Protocol in the accept is wrong.', [
    [
      'A profile sets Framed-Protocol to something other than PPP.',
      'Set it to PPP, or leave it out: sallyport reply shows the answer.',
    ],
  ]),
  row('after-accept', '795', 'Tunnel-Type in the accept is wrong.', [
    [
      'A profile sets Tunnel-Type to another tunnel than the client uses.',
      'Leave it out for VPN gateways of Windows.',
    ],
  ]),
  row('after-accept', '796', 'Service-Type in the accept is wrong.', [
    ['A profile sets Service-Type to something other than Framed.', 'Set it to Framed, or leave it out.'],
  ]),
  row('client-certificate', '798', 'There is no certificate that could be used with EAP.', [
    [
      'The person has no certificate with client authentication, or it has ended.',
      'Enrol one: sallyport links create --user NAME gives a link.',
    ],
    [
      'The profile takes only certificates of another issuer or with another extended key usage.',
      'Compare issuer and usages with those in the EAP settings: sallyport connections lint.',
    ],
    [
      'The private key is not there, or the smart card is out.',
      'Import the certificate together with its key; insert the card.',
    ],
  ]),
].flat()
