import type { ACME } from '../acme.ts'
import type { DIRECTORY_SYNC } from '../directory-sync.ts'
import type { ENROLMENT } from '../enrolment.ts'
import type { EST } from '../est.ts'
import type { PROFILE } from '../profile.ts'
import type { PROXY } from '../proxy.ts'
import type { ReasonCode } from '../reason.ts'
import type { SCEP } from '../scep.ts'
import type { SilenceReason } from '../silence.ts'
import type { TlsAlertReason } from '../tls-alerts.ts'
import type { WINDOWS } from '../windows.ts'
import { ACME_EN } from './en-acme.ts'
import { DIRECTORY_SYNC_EN } from './en-directory-sync.ts'
import { ENROLMENT_EN } from './en-enrolment.ts'
import { EST_EN } from './en-est.ts'
import { PROFILE_EN } from './en-profile.ts'
import { PROXY_EN } from './en-proxy.ts'
import { SCEP_EN } from './en-scep.ts'
import { SILENCE_EN } from './en-silence.ts'
import { TLS_ALERTS_EN } from './en-tls-alerts.ts'
import { WINDOWS_EN } from './en-windows.ts'

/**
 * One reason in one language. `{name}` is a value, `{count time|times}` a number with its noun, `[...]` a part that needs
 * its values (see `render.ts`).
 */
export interface CatalogueEntry {
  readonly title: string
  readonly sentence: string
  /** Who has to do what. */
  readonly nextStep: string
}

/** English: short plain sentences. One table, in the order of the code table. */
const OTHERS: Readonly<
  Record<
    Exclude<
      ReasonCode,
      | TlsAlertReason
      | SilenceReason
      | keyof typeof PROXY
      | keyof typeof DIRECTORY_SYNC
      | keyof typeof ENROLMENT
      | keyof typeof EST
      | keyof typeof ACME
      | keyof typeof SCEP
      | keyof typeof PROFILE
      | keyof typeof WINDOWS
    >,
    CatalogueEntry
  >
> = {
  accepted: {
    title: 'Accepted',
    sentence: 'Rule "{rule}" let the user in.',
    nextStep: 'Nothing to do.',
  },
  'no-rule-matched': {
    title: 'No rule matched',
    sentence: 'No rule lets this login in ({rules rule|rules} tried). What no rule allows is rejected.',
    nextStep:
      'Administrator: look under "Rules" for the condition that failed. Then change the rule, or the group or attribute it asks for.',
  },
  'rejected-by-rule': {
    title: 'Rejected by a rule',
    sentence: 'Rule "{rule}" rejects this login.',
    nextStep:
      'Administrator: if this user should come in, put a rule that accepts before "{rule}", or change it.',
  },
  'session-limit-reached': {
    title: 'Too many sessions',
    sentence: 'Rule "{rule}" allows {limit} sessions per {per}; for {user} there are {live}: {sessions}.',
    nextStep:
      'User: end one of the sessions named. Administrator: if one of them is over, its device sent no Stop: look at `sallyport sessions`, and end it with `sallyport sessions close ID`, or raise maximumSessions of rule "{rule}".',
  },
  'session-not-countable': {
    title: 'Sessions cannot be counted',
    sentence:
      'Rule "{rule}" counts the sessions of a device, and {client} does not say which device it is (no Calling-Station-Id).',
    nextStep:
      'Administrator: let {client} send Calling-Station-Id, or count per user in maximumSessions of rule "{rule}".',
  },
  'session-count-unknown': {
    title: 'Session count unknown',
    sentence:
      'Rule "{rule}" limits the sessions of {user}, and the database did not say in time how many there are. The login got no answer.',
    nextStep: 'Administrator: look at the database and at the load of this server.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    sentence:
      'Rule "{rule}" would let the user in, but not by {method}[ with {inner} inside]. It allows {allowed}[, inside a tunnel {allowedInside}].',
    nextStep: 'Administrator: set the device to an allowed method, or add the method to rule "{rule}".',
  },
  'mab-not-listed': {
    title: 'Rule does not list MAC authentication',
    sentence:
      'Rule "{rule}" would let the MAC address in, but it does not list the method mab: a MAC address can be copied, so no rule covers it by silence.',
    nextStep:
      'Administrator: where the MAC address alone should be enough, add mab to methods.outer of rule "{rule}".',
  },
  'reply-unbuildable': {
    title: 'Answer could not be built',
    sentence:
      'The login was accepted, but its answer could not be built[: attribute {attribute}][ ({detail})]. It was rejected instead of sent without it.',
    nextStep:
      'Administrator: correct the profiles of the rule[ "{rule}"], or the vendor of the client; npx sallyport reply shows what a profile becomes for a client.',
  },
  'acl-download-refused': {
    title: 'Access list not given out',
    sentence: 'RADIUS client "{client}" asked for the access list {list}; it did not get it: {detail}.',
    nextStep:
      'Network administrator: let the user log in again, so that the device learns the present name of the list. If it repeats, check the vendor of the RADIUS client, and that the device sends Message-Authenticator.',
  },

  'malformed-packet': {
    title: 'Malformed packet',
    sentence:
      'A packet[ from {address}] is not valid RADIUS[: {detail}][ at octet {offset}]. It was not answered.',
    nextStep:
      'Network administrator: look at what sends it. A wrong port, a scanner or a broken device are the usual causes.',
  },
  'unknown-client': {
    title: 'Unknown RADIUS client',
    sentence: '{address} is not a known RADIUS client. It was not answered.',
    nextStep:
      'Administrator: if this is one of your gateways, switches or access points, run sallyport clients adopt {address} --name NAME.',
  },
  'client-disabled': {
    title: 'RADIUS client disabled',
    sentence: 'RADIUS client "{client}" is switched off here. It was not answered.',
    nextStep: 'Administrator: enable the client "{client}", or stop the device from asking.',
  },
  'wrong-secret': {
    title: 'Wrong shared secret',
    sentence:
      'The shared secret of RADIUS client "{client}" does not match ours[: {detail}]. It was not answered[; the login, unproved, was for "{user}"].',
    nextStep: 'Network administrator: enter the same secret on the device and on RADIUS client "{client}".',
  },
  'message-authenticator-missing': {
    title: 'Message-Authenticator missing',
    sentence:
      'RADIUS client "{client}" sent no Message-Authenticator[ (in a login for "{user}", unproved)]. Without it an attacker on the way can forge an accept (BlastRADIUS). It was not answered.',
    nextStep:
      'Network administrator: update the device, or switch Message-Authenticator on there. Only if neither is possible, set `requireMessageAuthenticator: false` at the client.',
  },
  'message-authenticator-invalid': {
    title: 'Message-Authenticator wrong',
    sentence:
      'The Message-Authenticator of a packet from RADIUS client "{client}" is wrong. Nearly always the shared secrets differ. It was not answered, and no password was looked at[; the login, unproved, was for "{user}"].',
    nextStep: 'Network administrator: enter the same secret on the device and on RADIUS client "{client}".',
  },
  'proxy-state-without-message-authenticator': {
    title: 'Proxied without Message-Authenticator',
    sentence:
      'RADIUS client "{client}" forwarded a request[ (a login for "{user}", unproved)] without Message-Authenticator. This is the pattern of the BlastRADIUS attack. It was not answered.',
    nextStep: 'Network administrator: update the proxy so that it sends Message-Authenticator.',
  },
  'duplicate-request': {
    title: 'Repeated request',
    sentence:
      'RADIUS client "{client}" sent a request again while we still work on it. The first one will be answered.',
    nextStep: 'Nothing to do. If it happens often, raise the timeout on the device.',
  },
  'unsupported-packet-code': {
    title: 'Unsupported packet',
    sentence:
      '[RADIUS client "{client}" sent ]a packet of kind {packetCode}, which this port does not serve. It was not answered.',
    nextStep: 'Network administrator: check which server and port the device uses for this kind of request.',
  },
  'no-credentials': {
    title: 'No credentials',
    sentence: 'RADIUS client "{client}" asked for a login without any proof: no password, no EAP.',
    nextStep: 'Network administrator: set an authentication method on the device.',
  },
  'password-garbled': {
    title: 'Password unreadable: wrong shared secret',
    sentence:
      'The password of "{user}" through RADIUS client "{client}" came out as no readable text[ ({detail})]. Nearly always the shared secrets differ: the password itself was not checked, and no wrong password was counted.',
    nextStep:
      'Network administrator: enter the same secret on the device and on RADIUS client "{client}". Switch Message-Authenticator on there too; a wrong secret is then certain. If the secrets are equal, the device does not send UTF-8.',
  },
  'credentials-malformed': {
    title: 'Credentials malformed',
    sentence: 'RADIUS client "{client}" sent a proof that cannot be read[: {detail}].',
    nextStep:
      'Network administrator: update the device, or choose another authentication method on it; one request must carry one whole proof.',
  },
  'conversation-unknown': {
    title: 'Conversation unknown',
    sentence:
      'RADIUS client "{client}" continued a login that we do not know. It took too long, had ended already, or began on another server.',
    nextStep:
      'User: try again. If it happens often, the network administrator should check that the device keeps to one server.',
  },
  'challenge-too-long': {
    title: 'No room for a challenge',
    sentence:
      'RADIUS client "{client}" forwarded a login[ for "{user}"] with so much Proxy-State that the next step of it does not fit beside it into the 4096 octets of a packet. It was rejected.',
    nextStep:
      'Network administrator: find out which proxies the request passes and which of them adds so much, or adds it again and again in a loop.',
  },
  'reject-too-long': {
    title: 'No room for a reject',
    sentence:
      'RADIUS client "{client}" sent so much Proxy-State that not even an empty Access-Reject fits beside it into the 4096 octets of a packet. It was not answered.',
    nextStep:
      'Network administrator: find out which proxies the request passes and which of them adds so much, or adds it again and again in a loop.',
  },
  overloaded: {
    title: 'Too busy',
    sentence: 'The limit on {limit}[ ({most})] is reached. The request was not answered.',
    nextStep: 'Administrator: look for one client that sends very much; if the load is real, add capacity.',
  },
  'accounting-not-stored': {
    title: 'Accounting not stored',
    sentence:
      'An accounting record of RADIUS client "{client}" could not be stored. It was not answered, so the device sends it again.',
    nextStep: 'Administrator: check the database and the disk.',
  },

  'user-not-found': {
    title: 'User not found',
    sentence: 'There is no user "{user}"[ in {sources}].',
    nextStep:
      'Help desk: check the spelling of the name; if it is right, create the user. Administrator: of a directory only users below baseDn are seen; `sallyport test directory SOURCE --user NAME` tells who is elsewhere.',
  },
  'wrong-password': {
    title: 'Wrong password',
    sentence:
      'The password of "{user}" is wrong[ ({failures time|times} in a row)][; the account is locked at {lockoutThreshold}].',
    nextStep:
      'User: enter the password again. If it is a saved one, update it on every device; otherwise the help desk resets it.',
  },
  'wrong-password-repeated': {
    title: 'The same wrong password again',
    sentence:
      'Device {device}[ at {client}] sends a password of "{user}" again that was wrong before; the directory[ {source}] was not asked[, and counts {failures} of {lockoutThreshold} wrong passwords].',
    nextStep:
      'User: put the new password into this device, or delete its saved network. The account is not locked by it.',
  },
  'device-held-back': {
    title: 'Device held back from the directory',
    sentence:
      'Device {device}[ at {client}] failed {failures time|times} in a row with wrong passwords of "{user}" and is held back until {until}; the directory[ {source}] takes {left} more of {lockoutThreshold} before it locks the account.',
    nextStep:
      'User: put the new password into this device. Help desk, once that is done: sallyport shield release NAME, or wait. Other devices are not held back.',
  },
  'guesses-kept-back': {
    title: 'Too close to the lock for an unknown device',
    sentence:
      'The account "{user}" has {left} of {lockoutThreshold} wrong passwords left[ in {source}]; they are kept for devices that logged in before, and {device}[ at {client}] is none of them. Wrong ones are forgotten at {until}.',
    nextStep:
      'Help desk: find who sends the wrong passwords (sallyport shield list). For a new device of the owner: sallyport shield release NAME, or wait.',
  },
  'no-password-set': {
    title: 'No password set',
    sentence: 'The account "{user}"[ in {source}] has no password; only a certificate can log in.',
    nextStep:
      'Help desk: set a password (sallyport users password NAME), or have the device use a certificate (EAP-TLS).',
  },
  'empty-password': {
    title: 'Empty password',
    sentence: '"{user}" sent an empty password. That is never accepted.',
    nextStep: 'User: enter the password. If the device sends none, delete and set up the connection again.',
  },
  'account-disabled': {
    title: 'Account disabled',
    sentence: 'The account "{user}" is disabled[ in {source}].',
    nextStep: 'Help desk: enable the account if the person should come in.',
  },
  'account-ambiguous': {
    title: 'Several accounts fit the name',
    sentence:
      'The name "{user}" fits several accounts[ of {source}][: {accounts}]. None of them was let in by it.',
    nextStep:
      'Administrator: give each account a userPrincipalName, sAMAccountName or dNSHostName of its own. User: until then, log in by the name of the account that only one of them has.',
  },
  'dial-in-denied': {
    title: 'Dial-in denied',
    sentence: 'Network access is denied to "{user}" on the Dial-in tab of the account[ in {source}].',
    nextStep:
      'Help desk: set Network Access Permission of the account to "Control access through NPS Network Policy" or "Allow". Administrator: if the tab should not count, set accountRules.dialIn of the source to ignore.',
  },
  'smart-card-required': {
    title: 'Smart card required',
    sentence:
      'The account "{user}"[ in {source}] may log in by a smart card or certificate alone, not by a password.',
    nextStep:
      'User: choose the certificate (EAP-TLS). Help desk: or clear "Smart card is required for interactive logon" of the account.',
  },
  'logon-workstation-denied': {
    title: 'Not from this machine',
    sentence:
      'The account "{user}"[ in {source}] is restricted to certain machines ("Log On To"), so the directory does not check its password for this server.',
    nextStep:
      'Help desk: add the domain controllers to "Log On To" of the account, or allow all machines. Or let the user log in by a certificate.',
  },
  'account-locked': {
    title: 'Account locked',
    sentence:
      'The account "{user}" is locked[ after {failures wrong password|wrong passwords}][ until {until}].',
    nextStep:
      'Help desk: unlock the account or wait. First find the device that keeps sending an old password, or it locks again.',
  },
  'account-expired': {
    title: 'Account expired',
    sentence: 'The account "{user}" has expired[ on {since}].',
    nextStep: 'Help desk: set a later expiry date if the person should come in.',
  },
  'password-expired': {
    title: 'Password expired',
    sentence: 'The password of "{user}" has expired[ on {since}].',
    nextStep:
      'User: change the password; over MS-CHAPv2 the device asks for a new one. Otherwise the help desk resets it.',
  },
  'must-change-password': {
    title: 'Password must be changed',
    sentence: '"{user}" must change the password before the first login.',
    nextStep:
      'User: change the password; over MS-CHAPv2 the device asks for a new one. Otherwise the help desk does it.',
  },
  'password-changed-since': {
    title: 'Password changed meanwhile',
    sentence:
      'The device resumed a session of "{user}" that rests on an older password; it was changed[ on {since}].',
    nextStep: 'User: connect again; the device then asks for the current password.',
  },
  'outside-logon-hours': {
    title: 'Outside logon hours',
    sentence: '"{user}" may not log in at this time[ ({now})].',
    nextStep: 'Help desk: change the logon hours of the account if the person should come in now.',
  },
  'realm-unknown': {
    title: 'Realm unknown',
    sentence: 'No realm serves the name "{user}"[: "{realm}" is not set up].',
    nextStep:
      'Administrator: add the realm, or mark one as default. User: check the part after @ or before \\.',
  },
  'user-name-malformed': {
    title: 'User name malformed',
    sentence: 'The user name "{user}" is not usable[: {detail}].',
    nextStep: 'User: enter the name as it was given to you, without extra characters.',
  },
  'form-unsupported': {
    title: 'Method cannot be checked',
    sentence:
      'No source can check "{user}" by {form}[: the password is stored as {storage}][ (source {source})].',
    nextStep:
      'Administrator: use a method that fits (PAP inside TTLS fits every source). For MS-CHAPv2, also in PEAP: add a winbind source for Active Directory; store local passwords as nt-hash or reversible and have them set again.',
  },
  'password-change-refused': {
    title: 'New password refused',
    sentence: 'The new password of "{user}" was refused[: {why}].',
    nextStep: 'User: choose another password.',
  },
  'mac-unknown': {
    title: 'Unknown MAC address',
    sentence: '{client} asks for the MAC address {mac}[ on port {port}], which is not in the MAC store.',
    nextStep:
      'Administrator: if the device is yours, run sallyport macs add {mac}, with the groups your rules ask for.',
  },
  'mac-disabled': {
    title: 'MAC address disabled',
    sentence: 'The MAC address {mac}[ ({description})] is disabled in the MAC store.',
    nextStep: 'Administrator: if the device may come in again, run sallyport macs enable {mac}.',
  },
  'mac-expired': {
    title: 'MAC address expired',
    sentence: 'The MAC address {mac}[ ({description})] has been expired in the MAC store since {since}.',
    nextStep: 'Administrator: if the device may still come in, give it a later date, or delete it.',
  },
  'mac-contradicted': {
    title: 'MAC address contradicted',
    sentence:
      '{client} asks for the MAC address {mac}, but Calling-Station-Id does not name it[: it says "{callingStationId}"].',
    nextStep:
      'Network administrator: let {client} send the MAC address of the device as Calling-Station-Id. If it cannot send any, set macAuthentication.callingStationId of the client to if-present. Where it names another device, somebody may be posing as {mac}.',
  },
  'mac-proof-wrong': {
    title: 'Not the answer of a MAC address',
    sentence:
      'A request for the MAC address {mac} by EAP-MD5 was answered with another password than the name itself.',
    nextStep:
      'Network administrator: the client must send the MAC address as name and as password. If a person logs in here by that name, rename the account.',
  },
  'outside-directory-group': {
    title: 'Not in the group of the directory profile',
    sentence: '"{user}" is in the directory[ of "{source}"], but not in {group}, which this source asks for.',
    nextStep:
      'Help desk: add {user} to the group in the directory, or to a group in it. Administrator: take groupDn out of the source if membership is a matter of rules.',
  },
  'directory-service-account-refused': {
    title: 'The directory refuses the service account',
    sentence:
      'The directory[ "{source}"] does not let in the account Sallyport asks it by[: {why}].[ Asked: {servers}.] The login[ of "{user}"] was left without an answer; its password was not looked at.',
    nextStep:
      'Administrator:[ sallyport test directory {source} says what it has against the account.] Check bindDn and bindPassword of the source, and in the directory whether the account is disabled, locked or expired. A new password is used at once when it is applied; an account that was unlocked within a minute.',
  },
  'source-unavailable': {
    title: 'Identity source unavailable',
    sentence:
      'The identity source[ "{source}"] could not answer[: {why}][ (asked: {servers})][ (waited {waitedMilliseconds} ms)]. We stayed silent, so that the device can ask another server.',
    nextStep:
      'Administrator:[ sallyport test directory {source} goes there step by step, and says which step fails and the cure.] `sallyport sources` shows since when, and which RADIUS clients went without an answer.',
  },

  'eap-malformed-packet': {
    title: 'Malformed EAP packet',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] sent an EAP packet that is not valid[: {detail}].',
    nextStep: 'Help desk: update the device. If all devices of one access point are hit, look there.',
  },
  'eap-unexpected-packet': {
    title: 'Unexpected EAP packet',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] sent an EAP packet that does not fit this point of the login[: {detail}].',
    nextStep: 'User: try again. If it stays, the help desk should update the device.',
  },
  'eap-no-common-method': {
    title: 'No common EAP method',
    sentence:
      'The device[ of "{user}"] and the rules have no method in common[ inside {inside}][. We offered {offered}][. The device wants {wanted}].',
    nextStep: 'Administrator: set the device to an offered method, or allow its method in a rule.',
  },
  'eap-nak-to-forbidden-method': {
    title: 'Device asked for a forbidden method',
    sentence:
      'The device[ of "{user}"] asked for an EAP method that no rule allows[ inside {inside}][: {wanted}][. We offered {offered}].',
    nextStep: 'Administrator: set the device to an allowed method, or allow its method in a rule.',
  },
  'eap-too-many-rounds': {
    title: 'Too many rounds',
    sentence:
      'The login[ of "{user}"][ through RADIUS client "{client}"] needed too many messages[ ({rounds})] and was ended.',
    nextStep:
      'Administrator: look for a very small fragment size on the device or a very long certificate chain.',
  },
  'eap-too-large': {
    title: 'Message too large',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] sent more than one EAP message may hold[: {detail}].',
    nextStep: 'Administrator: look for a very long certificate chain on the device.',
  },
  'eap-refused': {
    title: 'Proof refused',
    sentence: 'What the device presented was not accepted[: {detail}].',
    nextStep: 'Help desk: check the password or certificate of the user.',
  },
  'resumption-not-released': {
    title: 'Session must not be resumed',
    sentence:
      'The device tried to resume a TLS session of a login that was never accepted[: {detail}]. That is an error of the device, or an attack.',
    nextStep:
      'User: try again; the device then logs in anew. If it repeats, the administrator should look at this device.',
  },
  'crypto-binding-missing': {
    title: 'Crypto-binding missing',
    sentence:
      'The device[ of "{user}"] did not prove that tunnel and inner login belong together (crypto-binding)[: {detail}]. Somebody may sit in between.',
    nextStep: 'Help desk: update the device; every current one does this.',
  },
  'crypto-binding-invalid': {
    title: 'Crypto-binding wrong',
    sentence:
      'The proof that tunnel and inner login[ of "{user}"] belong together (crypto-binding) is wrong[: {detail}]. Somebody may sit in between.',
    nextStep: 'Administrator: look where this device connects from. If it is yours, update it.',
  },
  'inner-method-forbidden': {
    title: 'Inner method forbidden',
    sentence:
      'The device wants a method inside the tunnel that no rule allows[: {inner}][ inside {method}][; allowed there: {allowed}].',
    nextStep: 'Administrator: set the device to an allowed inner method, or add it to a rule.',
  },
  'peer-reported-failure': {
    title: 'Device gave up',
    sentence: 'The device[ of "{user}"] itself ended the login as failed[: {detail}].',
    nextStep:
      'Help desk: look at the message on the device. Often it does not trust our server, or the user cancelled.',
  },
  'authenticator-response-invalid': {
    title: 'Server could not prove itself',
    sentence: 'The server did not prove that it knows the password[: {detail}]. It may be a false one.',
    nextStep: 'Network administrator: check that this is the right server and that nobody sits in between.',
  },
  'server-reported-failure': {
    title: 'Server said no',
    sentence: 'The server ended the login as failed[: {detail}].',
    nextStep: 'Administrator: look for the receipt of this login on the server; it names the reason.',
  },
  'identity-mismatch': {
    title: 'Identities differ',
    sentence: 'The identity inside the login[ ({inner})] does not fit the one outside[ ({outer})].',
    nextStep: 'Help desk: enter the same name, or "anonymous", as the outer identity on the device.',
  },
  'tls-handshake-failed': {
    title: 'TLS handshake failed',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] and the server could not agree on a secure channel[: {error}].',
    nextStep: 'Help desk: update the device. Administrator: check which TLS versions the device can do.',
  },
  'tls-no-common-version': {
    title: 'No common TLS version',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] speaks no TLS version that this server does (1.2 and 1.3)[: {error}].',
    nextStep:
      'Help desk: update the device, or switch TLS 1.2 on there. TLS 1.0 and 1.1 are broken and not offered.',
  },
  'tls-no-common-cipher': {
    title: 'No common cipher',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] offered no cipher or signature algorithm that this server does[: {error}].',
    nextStep:
      'Help desk: update the device. It needs ECDHE with AES-GCM, AES-CBC or ChaCha20, and SHA-256 signatures.',
  },
  'server-certificate-expired': {
    title: 'Our certificate has expired',
    sentence:
      'The device refused our certificate "{serverName}" from CA {issuer}, and rightly: it is valid from {notBefore} to {notAfter}, and now it is {now}.',
    nextStep:
      'Administrator: renew the server certificate. If it should be valid, the clock of this server is wrong.',
  },
  'tls-no-client-certificate': {
    title: 'No client certificate',
    sentence:
      'The device[ of "{user}"][ behind RADIUS client "{client}"] sent no certificate, but this method needs one.',
    nextStep: 'Help desk: install a certificate on the device and select it for this connection.',
  },
  'tls-alert-received': {
    title: 'TLS alert from the device',
    sentence: 'The device ended the secure channel with an alert we do not know[ ({alert})].',
    nextStep: 'Help desk: look at the message on the device.',
  },

  'certificate-untrusted-ca': {
    title: 'Certificate from an untrusted CA',
    sentence: 'The certificate[ of {subject}] comes from a CA that is not trusted here[: {issuer}].',
    nextStep:
      'Administrator: add this CA under trust if you want its certificates; else give the device one of your own.',
  },
  'certificate-expired': {
    title: 'Certificate expired',
    sentence: 'The certificate[ of {subject}] has expired[ on {notAfter}][; our clock says {now}].',
    nextStep:
      'User: renew the certificate. If it is new, the clock of the server or of the CA is wrong: compare ours with the true time.',
  },
  'certificate-not-yet-valid': {
    title: 'Certificate not yet valid',
    sentence:
      'The certificate[ of {subject}] is not valid yet[: it starts on {notBefore}][, our clock says {now}]. This is ambiguous: our clock is behind, or that of the CA ahead.',
    nextStep:
      'Administrator: compare the clock of this server with the true time, then that of the CA. If both are right, wait until the certificate starts.',
  },
  'certificate-revoked': {
    title: 'Certificate revoked',
    sentence:
      'The certificate[ of {subject}][ with serial {serial}] was revoked[ on {revokedAt}][ ({why})][, says {source}].',
    nextStep:
      'Help desk: find out why it was revoked. If the device may come in again, issue a new certificate.',
  },
  'certificate-revocation-unknown': {
    title: 'Revocation cannot be checked',
    sentence:
      'Whether the certificate[ of {subject}] was revoked could not be found out[ (CA {issuer})][: {detail}][ ({host})].',
    nextStep:
      'Administrator: check that the revocation list or the OCSP server of the CA can be reached and is current.',
  },
  'certificate-unrecorded': {
    title: 'No record of the certificate',
    sentence:
      'The certificate[ of {subject}][ with serial {serial}] is signed by the own CA[ ({issuer})], but there is no record that it was issued.',
    nextStep:
      'Administrator: if a backup was restored, have the device enrol again. If not, find out who signed with the key of the CA, and replace the CA.',
  },
  'certificate-records-unavailable': {
    title: 'Records of certificates cannot be asked',
    sentence:
      'The certificate[ of {subject}] is signed by the own CA[ ({issuer})], is not among those this server knows by itself, and the database could not be asked[: {detail}].',
    nextStep:
      'Administrator: check that this server reaches its database (the log of store and pki names the error). Certificates that were issued before the outage go on working.',
  },
  'certificate-revocation-unreachable': {
    title: 'Nobody to ask about revocation',
    sentence:
      'Whether the certificate[ of {subject}] was revoked could not be asked[ at {host}][: {detail}][ (CA {issuer})].',
    nextStep:
      'Administrator: check that this server reaches the host by plain HTTP (sallyport trust shows the last error), or set crlUrls, ocspUrl or hosts of the trusted CA. What happens meanwhile is whenUnreachable.',
  },
  'certificate-revocation-stale': {
    title: 'Revocation list or answer out of date',
    sentence:
      'What is known about the revocation of the certificate[ of {subject}] is out of date[: it ended {ended}][, {detail}][ ({host})].',
    nextStep:
      'Administrator: check that the CA publishes its revocation list in time and that the clock of this server is right; then sallyport trust refresh NAME.',
  },
  'certificate-revocation-unnamed': {
    title: 'Certificate names no way to check revocation',
    sentence:
      'The certificate[ of {subject}] names neither an OCSP responder nor a revocation list[ (CA {issuer})], and the configuration requires a check.',
    nextStep:
      'Administrator: set crlUrls or ocspUrl of the trusted CA, or check: auto where the CA has no revocation.',
  },
  'certificate-ocsp-unknown': {
    title: 'OCSP responder does not know the certificate',
    sentence: 'The OCSP responder[ {host}] does not know the certificate[ of {subject}][ (CA {issuer})].',
    nextStep:
      'Administrator: find out whether the CA really issued this certificate. If it did, its responder answers from other or older data.',
  },
  'certificate-responder-untrusted': {
    title: 'Revocation answer not signed by the CA',
    sentence:
      'The answer about the revocation of the certificate[ of {subject}][ from {host}] is not signed by its CA[: {detail}].',
    nextStep:
      'Administrator: the responder needs a certificate for OCSP signing issued by the same CA and must send it along; a list must be signed by the CA itself. If that is so, somebody stands in between.',
  },
  'certificate-authority-not-for-this': {
    title: 'CA not trusted for this',
    sentence:
      'The CA "{authority}" is trusted for {what} {wanted} alone, and the login[ of {subject}] is outside of that[ ({found})].',
    nextStep:
      'Administrator: if these logins are meant, widen purpose of the entry in trust, or add another entry with the same CA.',
  },
  'certificate-wrong-purpose': {
    title: 'Certificate for another purpose',
    sentence:
      'The certificate[ of {subject}] is not meant for logging in[: it lacks {wanted}][, it has {found}].',
    nextStep: 'Administrator: issue a certificate with the extended key usage "client authentication".',
  },
  'certificate-chain-incomplete': {
    title: 'Certificate chain incomplete',
    sentence:
      'The device did not send the certificate of the CA in between[: {issuer}][, which issued {subject}].',
    nextStep:
      'Help desk: install the intermediate CA on the device. Or the administrator adds it under trust.',
  },
  'certificate-signature-invalid': {
    title: 'Certificate signature wrong',
    sentence:
      'The signature in the certificate chain[ of {subject}] is wrong. The certificate is damaged or forged.',
    nextStep:
      'Administrator: find out where this certificate comes from. Issue a new one if the device is yours.',
  },
  'certificate-issuer-not-a-ca': {
    title: 'Issuer is not a CA',
    sentence:
      'The certificate[ of {subject}] was issued by a certificate that must not issue any[: {issuer}].',
    nextStep:
      'Administrator: find out who issued it. If the CA is yours, give it basicConstraints CA:TRUE and keyCertSign.',
  },
  'certificate-path-too-long': {
    title: 'Certificate chain too long',
    sentence: 'The certificate chain[ of {subject}] is longer than one of its CAs allows.',
    nextStep: 'Administrator: issue the certificate from a CA whose path length allows it.',
  },
  'certificate-name-not-permitted': {
    title: 'Name outside the CA’s limits',
    sentence: 'A CA in the chain must not issue for the name[ {name}][ in the certificate of {subject}].',
    nextStep: 'Administrator: issue the certificate from a CA whose name constraints allow the name.',
  },
  'certificate-policy-not-accepted': {
    title: 'Certificate policy not accepted',
    sentence: 'The certificate chain[ of {subject}] follows no accepted certificate policy.',
    nextStep: 'Administrator: issue the certificate under a policy all CAs of the chain allow.',
  },
  'certificate-critical-extension-unknown': {
    title: 'Unknown critical extension',
    sentence:
      'The certificate[ of {subject}] has a critical extension we do not know[: {extension}]. It must then be refused.',
    nextStep: 'Administrator: issue a certificate without this extension, or with it marked as not critical.',
  },
  'certificate-weak': {
    title: 'Certificate too weak',
    sentence: 'The key or signature of the certificate[ of {subject}] is too weak[: {detail}].',
    nextStep: 'Administrator: issue a certificate with RSA of 2048 bits or more, or ECDSA, and SHA-256.',
  },
  'certificate-malformed': {
    title: 'Certificate malformed',
    sentence: 'The device sent a certificate that cannot be read[: {detail}].',
    nextStep: 'Help desk: issue a new certificate for the device.',
  },
  'certificate-invalid': {
    title: 'Certificate not valid',
    sentence: 'The certificate[ of {subject}] is not valid[: {detail}].',
    nextStep: 'Help desk: issue a new certificate for the device.',
  },
  'certificate-of-other-account': {
    title: 'Certificate of another account',
    sentence:
      'The certificate was issued to the account with SID {sid}; "{user}"[ in {source}] has {accountSid}.',
    nextStep:
      'Administrator: issue a new certificate to "{user}". An account that was deleted and made anew has a new SID. If nobody did that, somebody may try to be "{user}": find the request of this certificate.',
  },
  'certificate-mapping-weak': {
    title: 'Certificate not bound to the account',
    sentence:
      'The certificate names "{user}"[ in {source}], but a name alone does not prove whose it is[: {tried}].',
    nextStep:
      'Administrator: issue certificates with the SID extension (or the SID as a URI, from an MDM), or write the certificate into altSecurityIdentities of the account by issuer and serial number. Only while you change over: certificateMapping: compatible at the source.',
  },
  'certificate-no-mapping': {
    title: 'Certificate belongs to nobody',
    sentence: 'The certificate[ of {subject}] is valid, but fits no user[; tried {tried}].',
    nextStep:
      'Administrator: issue it with the user’s name (UPN or mail address), or create the user it names.',
  },

  'session-unknown': {
    title: 'No such session',
    sentence: 'There is no session[ {session}] in the directory.',
    nextStep: 'Administrator: list the sessions again; it may have been deleted as too old.',
  },
  'session-ended': {
    title: 'Session has ended',
    sentence: 'Session {session} has ended: its device reported the end. Nothing was sent.',
    nextStep: 'Nothing to do.',
  },
  'session-not-nameable': {
    title: 'Session cannot be named to its device',
    sentence:
      'The accounting of RADIUS client "{client}" holds none of the attributes that name a session to it: {wanted}.',
    nextStep:
      'Administrator: have the device send one of them in accounting, or name others in dynamicAuthorization.identify of the client.',
  },
  'dynamic-authorization-client-gone': {
    title: 'RADIUS client of the session is gone',
    sentence:
      'The session belongs to RADIUS client "{client}", which is no longer configured, or is disabled.',
    nextStep: 'Administrator: end the session on the device itself.',
  },
  'dynamic-authorization-disabled': {
    title: 'CoA and Disconnect switched off',
    sentence: 'RADIUS client "{client}" is configured to get no CoA and no Disconnect.',
    nextStep:
      'Administrator: set dynamicAuthorization.enabled of the client where the device understands them.',
  },
  'dynamic-authorization-unsupported': {
    title: 'Device cannot do this',
    sentence:
      'RADIUS client "{client}" is a device of vendor "{vendor}", for which no request is known that does: {action}.',
    nextStep:
      'Administrator: choose another action, correct the vendor of the client, or write the request its manual names into dynamicAuthorization of the client.',
  },
  'dynamic-authorization-no-address': {
    title: 'Address of the device not known',
    sentence:
      'RADIUS client "{client}" is a whole network, and accounting does not say which device in it has the session[ (it said {nas}, which is outside)].',
    nextStep:
      'Administrator: give each device an entry of its own, or have it send NAS-IP-Address, or set dynamicAuthorization.address.',
  },
  'dynamic-authorization-unbuildable': {
    title: 'Request could not be built',
    sentence: 'The request to RADIUS client "{client}" ({action}) could not be built[: {detail}].',
    nextStep:
      'Administrator: correct the attributes of the profile, or those in dynamicAuthorization of the client.',
  },
  'dynamic-authorization-refused': {
    title: 'Device refused',
    sentence: 'RADIUS client "{client}" refused: {action}[. Error-Cause: {errorCause}].',
    nextStep:
      'Administrator: Session-Context-Not-Found means the session is gone, or the device knows it by other attributes (dynamicAuthorization.identify); Unsupported-Attribute and Missing-Attribute mean it wants other ones.',
  },
  'dynamic-authorization-no-answer': {
    title: 'Device did not answer',
    sentence:
      'RADIUS client "{client}" did not answer at {address} port {port} ({attempts attempt|attempts})[; heard instead: {detail}].',
    nextStep:
      'Administrator: check that the device takes CoA from this server, on that port, with the same shared secret (dynamicAuthorizationSecret), and that no firewall stands between.',
  },
  'event-timestamp-missing': {
    title: 'CoA or Disconnect without a time',
    sentence:
      'RADIUS client "{client}" sent a CoA or Disconnect without Event-Timestamp. Whoever recorded it could send it again at any time.',
    nextStep:
      'Administrator: have the sender add Event-Timestamp; where it cannot, set dynamicAuthorization.requireEventTimestamp of the client to false.',
  },
  'event-timestamp-outside-window': {
    title: 'CoA or Disconnect of another time',
    sentence:
      'The CoA or Disconnect of RADIUS client "{client}" was made {seconds} s before now by the clock of its sender; {window} s are allowed, either way.',
    nextStep:
      'Administrator: set the clocks of both by NTP. Where they agree, somebody sent a recorded request again.',
  },
  'profile-unknown': {
    title: 'No such profile',
    sentence: 'There is no authorization profile "{profile}".',
    nextStep: 'Administrator: check the name of the profile.',
  },

  'authorization-changed': {
    title: 'Authorization changed',
    sentence:
      'The session was given {before}; a login like it would now be given {after}[ by rule "{rule}"].',
    nextStep: 'Nothing to do. The device is asked to authenticate again.',
  },
  'proof-outdated': {
    title: 'Proof has to be given again',
    sentence: 'What "{user}" proved at login proves nothing any more: {detail}.',
    nextStep: 'Nothing to do. The device is asked to authenticate again.',
  },
  'grant-undecidable': {
    title: 'Session cannot be decided again',
    sentence:
      'Nothing tells how the session[ of "{user}"] through {client} was let in: {detail}. It was left alone.',
    nextStep:
      'Administrator: disconnect it by hand if it should end. Keep receipts for longer than sessions last, and check that the client sends Class in accounting.',
  },
  'grant-no-answer': {
    title: 'RADIUS client did not answer',
    sentence:
      'The RADIUS client {client} did not answer[ in {attempts time|times}] when a session was to end[: {detail}].',
    nextStep:
      'Network administrator: check that the client accepts Disconnect and CoA requests from this server (port, secret, firewall). The session may still be live.',
  },
  'grant-refused': {
    title: 'RADIUS client refused',
    sentence: 'The RADIUS client {client} refused to end or change a session[: {detail}].',
    nextStep:
      'Network administrator: look up the Error-Cause, check how the client identifies sessions. The session may still be live.',
  },
  'grant-unsupported': {
    title: 'RADIUS client cannot be told',
    sentence: 'The RADIUS client {client} cannot be told to end a session[: {detail}].',
    nextStep:
      'Administrator: configure dynamic authorization for the client, or give it a short Session-Timeout. The session is still live.',
  },
  'grant-still-live': {
    title: 'Session goes on',
    sentence:
      'The RADIUS client {client} agreed to end the session, but {seconds} s later it still reports it.',
    nextStep:
      'Network administrator: look at the session on the client. Where it has ended there, its accounting Stop was lost.',
  },
  'internal-error': {
    title: 'Internal error',
    sentence: 'Something went wrong on the server. It is our fault, not the caller’s[; request {requestId}].',
    nextStep: 'Administrator: look in the log[ for {requestId}] and report the error.',
  },
  'store-unavailable': {
    title: 'Database unavailable',
    sentence: 'The database does not answer. Logins go on; changes are not possible.',
    nextStep: 'Administrator: check the database and the disk.',
  },
  'ca-key-unavailable': {
    title: 'Key of the CA unavailable',
    sentence: 'The key of the CA is in the token "{token}", which cannot be used: {why}.',
    nextStep:
      'Administrator: see that the token is there and its module loads (pkcs11-tool --list-slots); after a wrong PIN restart the server. Caller: ask again, nothing is lost.',
  },
  'request-invalid': {
    title: 'Request not valid',
    sentence: 'The request is not valid[ at {path}][: {detail}].',
    nextStep: 'Caller: correct the request.',
  },
  'not-authenticated': {
    title: 'Not logged in',
    sentence: 'The request carries no valid token.',
    nextStep: 'Caller: log in, or send a token that is neither expired nor revoked.',
  },
  'not-permitted': {
    title: 'Not permitted',
    sentence: 'The role[ {role}] of the caller does not permit this[; it needs {needed}].',
    nextStep: 'Administrator: give the caller the role, or let somebody else do it.',
  },
  'not-found': {
    title: 'Not found',
    sentence: 'There is no such object[: {kind}][ "{name}"].',
    nextStep: 'Caller: check the name.',
  },
  'already-exists': {
    title: 'Already there',
    sentence: 'There is one already[: {kind}][ "{name}"].',
    nextStep: 'Caller: choose another name, or change the existing one.',
  },
  'version-conflict': {
    title: 'Configuration changed meanwhile',
    sentence:
      'Somebody else changed the configuration meanwhile[: your change starts from version {base}][, the current one is {current}].',
    nextStep: 'Caller: export the current version, make the change again and apply it.',
  },
  'login-refused': {
    title: 'Login refused',
    sentence: 'Name or password of the administrator is wrong, or the account is disabled or locked.',
    nextStep: 'Caller: try again; another administrator can set a new password.',
  },
  'csrf-token-missing': {
    title: 'Request not from our pages',
    sentence:
      'The request changes something and was sent from a browser without proof that our own page sent it.',
    nextStep: 'Caller: reload the page and try again. Scripts use an API token.',
  },
  'last-admin': {
    title: 'Last administrator',
    sentence: 'This would leave the server without an administrator who can log in.',
    nextStep: 'Administrator: create another administrator first.',
  },
  'body-too-large': {
    title: 'Request too large',
    sentence: 'The request is larger than allowed[ ({most} octets)].',
    nextStep: 'Caller: send less at a time.',
  },
  'unsupported-media-type': {
    title: 'Media type not supported',
    sentence: 'The request carries a kind of content we do not read.',
    nextStep: 'Caller: send JSON with content-type application/json.',
  },
  'weak-password': {
    title: 'Password too weak',
    sentence: 'The password is too weak[: {why}].',
    nextStep: 'Caller: choose a longer password.',
  },
  'configuration-invalid': {
    title: 'Configuration not valid',
    sentence:
      'The configuration was refused as a whole[: {problems problem|problems}]. The old one goes on serving.',
    nextStep: 'Caller: correct the problems listed with their paths.',
  },
  'too-many-requests': {
    title: 'Too many requests',
    sentence: 'Too many requests or failed logins came from this caller.',
    nextStep: 'Caller: wait[ {retryAfterSeconds} s], then try again.',
  },
}

export const EN: Readonly<Record<ReasonCode, CatalogueEntry>> = {
  ...OTHERS,
  ...SILENCE_EN,
  ...TLS_ALERTS_EN,
  ...PROXY_EN,
  ...DIRECTORY_SYNC_EN,
  ...ENROLMENT_EN,
  ...EST_EN,
  ...ACME_EN,
  ...SCEP_EN,
  ...PROFILE_EN,
  ...WINDOWS_EN,
}
