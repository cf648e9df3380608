import type { Generated } from 'kysely'

/**
 * Every table of the house, as Kysely sees it. The same types on both engines:
 * - a point in time is a number: milliseconds since the epoch;
 * - a flag is 0 or 1;
 * - JSON is text (`JSON.stringify`), so that both engines return what was written;
 * - octets are Uint8Array;
 * - counters are numbers. Writers clamp to Number.MAX_SAFE_INTEGER (9 PB): a device that claims more is not believed,
 *   and the raw attributes are kept beside.
 * A column whose name ends in `_sealed` holds the output of kernel/seal.ts.
 */
export interface Schema {
  config_versions: ConfigVersionTable
  users: UserTable
  groups: GroupTable
  group_members: GroupMemberTable
  mac_addresses: MacAddressTable
  client_sources: ClientSourceTable
  client_secret_uses: ClientSecretUseTable
  directory_verifiers: DirectoryVerifierTable
  revisions: RevisionTable
  tombstones: TombstoneTable
  sessions: SessionTable
  accounting_records: AccountingRecordTable
  forwarded_accounting: ForwardedAccountingTable
  dynamic_authorizations: DynamicAuthorizationTable
  receipts: ReceiptTable
  admins: AdminTable
  tokens: TokenTable
  audit: AuditTable
  secrets: SecretTable
  certificates: CertificateTable
  certificate_requests: CertificateRequestTable
  certificate_names: CertificateNameTable
  revoked_certificates: RevokedCertificateTable
  crl_sequences: CrlSequenceTable
  mail_marks: MailMarkTable
  crls: CrlTable
  authorities: AuthorityTable
  projection_marks: ProjectionMarkTable
  anchor_holders: AnchorHolderTable
  enrolment_challenges: EnrolmentChallengeTable
  scep_transactions: ScepTransactionTable
  profile_links: ProfileLinkTable
  fact_changes: FactChangeTable
  grant_actions: GrantActionTable
  directory_users: DirectoryUserTable
  directory_addresses: DirectoryAddressTable
  directory_groups: DirectoryGroupTable
  directory_memberships: DirectoryMembershipTable
  directory_sync: DirectorySyncTable
  acme_keys: AcmeKeyTable
  acme_accounts: AcmeAccountTable
  acme_orders: AcmeOrderTable
  acme_authorizations: AcmeAuthorizationTable
}

export type Flag = 0 | 1

export interface ConfigVersionTable {
  /** 1, 2, 3 ... without gaps. */
  number: number
  /** JSON of the ConfigurationDocument, secrets sealed. */
  document: string
  created_at: number
  author: string
  comment: string
  /** JSON: the row images of the data sections written with this version, by section. */
  data_changes: string
}

export interface UserTable {
  id: string
  name: string
  /** Lower-case NFC form of the name: what a login is looked up by. */
  name_key: string
  source: string
  /** null: the account has no password. */
  password_storage: string | null
  password_sealed: string | null
  password_changed_at: number | null
  must_change_password: Flag
  password_never_expires: Flag
  disabled: Flag
  expires_at: number | null
  /** JSON list, null = always. */
  logon_hours: string | null
  /** JSON object. */
  attributes: string
  failures: number
  last_failure_at: number | null
  locked_until: number | null
  /** From `revisions.users`, new with every write: the projection copies what is above its own. */
  revision: number
  created_at: number
  updated_at: number
}

export interface GroupTable {
  id: string
  name: string
  name_key: string
  revision: number
}

/**
 * Exactly one of the two members is set. A membership belongs to its member: who writes or deletes one gives the member's
 * row (user or group) a new revision.
 */
export interface GroupMemberTable {
  group_id: string
  member_user_id: string | null
  member_group_id: string | null
}

/** A MAC address that may come in without a login, by a rule that lists `mab`. */
export interface MacAddressTable {
  /** Twelve lower-case hexadecimal digits. */
  mac: string
  description: string
  /** JSON list, sorted. Names of their own: they are not rows of `groups`. */
  groups: string
  owner: string
  disabled: Flag
  expires_at: number | null
  /** JSON object. */
  attributes: string
  /** From `revisions.users`. */
  revision: number
  created_at: number
  updated_at: number
}

/** An address a RADIUS client sends from, and whether its Access-Requests carry Message-Authenticator. */
export interface DirectoryVerifierTable {
  /** `Sealer.mark` of the source's settings and the name: the table names nobody. */
  id: string
  /** JSON of a `KnownAccount`. */
  account_sealed: string
  keep_until: number
}

export interface ClientSourceTable {
  client: string
  /** `others`: all addresses beyond those that are kept apart. */
  address: string
  first_seen_at: number
  last_seen_at: number
  /** Access-Requests with Message-Authenticator, and without. */
  signed: number
  unsigned: number
  last_unsigned_at: number | null
  /** With it, since the last one without. */
  signed_run: number
}

/** Which secret the requests of an address prove. */
export interface ClientSecretUseTable {
  client: string
  address: string
  /** Of `Sealer.mark`; empty: they prove none. */
  secret_mark: string
  requests: number
  first_used_at: number
  last_used_at: number
}

/** Counters that only grow: `users` (users, groups, memberships and MAC addresses share it). Taken through revision.ts. */
export interface RevisionTable {
  name: string
  value: number
}

/** What was deleted, so that a projection can delete it too. Written through revision.ts. */
export interface TombstoneTable {
  kind: 'user' | 'group' | 'mac'
  id: string
  revision: number
}

/** The directory of live and lately ended sessions: one row a session, brought up to date by accounting. */
export interface SessionTable {
  /** Made from client, NAS and Acct-Session-Id; `-2`, `-3` ... behind it where the NAS used the number again. */
  id: string
  client: string
  acct_session_id: string
  acct_multi_session_id: string | null
  /** Text of Class as it came back. */
  class: string | null
  /** The receipt that let it in. */
  decision_id: string | null
  /** User-Name of the packet, as the NAS knows the user. */
  user_name: string | null
  framed_ip_address: string | null
  framed_ipv6_prefix: string | null
  framed_ipv6_address: Generated<string | null>
  delegated_ipv6_prefix: Generated<string | null>
  calling_station_id: string | null
  called_station_id: string | null
  nas_address: string | null
  nas_identifier: string | null
  nas_port: number | null
  nas_port_id: string | null
  nas_port_type: string | null
  input_octets: number
  output_octets: number
  input_packets: number
  output_packets: number
  session_seconds: number
  /** live, stopped (the device said so), lost (Accounting-On/Off or no interim for too long). */
  state: 'live' | 'stopped' | 'lost'
  terminate_cause: string | null
  started_at: number
  updated_at: number
  stopped_at: number | null
  /** NAS-Identifier, else its address: what Accounting-On and -Off are about. */
  nas: Generated<string>
  /** The name that was proved, in lower case, once its receipt is known. */
  account: Generated<string | null>
  /** What searches look for: the account, else User-Name in lower case. */
  user_key: Generated<string | null>
  /** The MAC address of Calling-Station-Id as 12 digits, else its text in lower case. */
  station_key: Generated<string | null>
  /** Addresses as sortable text (access/sessions/address-key.ts). */
  ipv4_key: Generated<string | null>
  ipv6_key: Generated<string | null>
  delegated_key: Generated<string | null>
  /** In the first session of an Acct-Session-Id: how many there have been. */
  incarnations: Generated<number>
  has_start: Generated<Flag>
  /** Arrival of the latest report, by our clock. */
  heard_at: Generated<number>
  /** When the next report is expected; null once the session has ended. */
  due_at: Generated<number | null>
  /** The longest time between two reports, seen or asked for. */
  interim_seconds: Generated<number | null>
  /** 32-bit counters that began again at zero: wrapped (2^32 added), or reset by the NAS (counted on from there). */
  counter_wraps: Generated<number>
  counter_resets: Generated<number>
}

/** One CoA or Disconnect: written before it is sent, completed when its answer is in. */
export interface DynamicAuthorizationTable {
  id: Generated<number>
  at: number
  session_id: string
  /** The receipt that let the session in. */
  decision_id: string | null
  client: string
  user_name: string | null
  calling_station_id: string | null
  action: 'disconnect' | 'reauthenticate' | 'bounce-port' | 'change'
  /** Of a change: the authorization profile. */
  profile: string | null
  asked_by: 'admin' | 'policy' | 'grants' | 'relay'
  /** The administrator, the rule, the RADIUS client that sent it. */
  asked_by_name: string | null
  /** Address and port it went to. */
  device: string | null
  /** JSON: code and attributes as text. */
  request: string | null
  outcome: 'sending' | 'acknowledged' | 'refused' | 'no-answer' | 'unsupported'
  error_cause: number | null
  /** JSON of the Reason. */
  reason: string | null
  /** Datagrams sent. */
  attempts: number
  finished_at: number | null
}

/** Accounting that an upstream is still to be given; deleted once it acknowledged. */
export interface ForwardedAccountingTable {
  id: Generated<number>
  upstream_group: string
  /** Reports of one session go out in their order. */
  session_key: string
  client: string
  user_name: string | null
  status_type: string
  /** As they follow the header of a packet, rewritten already. */
  attributes: Uint8Array
  received_at: number
  attempts: Generated<number>
  next_attempt_at: Generated<number>
}

/** Append-only: one row for each Accounting-Request that was answered. */
export interface AccountingRecordTable {
  id: Generated<number>
  /** Same for a retransmission: hash over what tells one report from the next, and its time in seconds. */
  idempotency_key: string
  /** Row in `sessions`; for Accounting-On and -Off a name of the NAS. Null: of no session. */
  session_id: Generated<string | null>
  /** Which counters came with their upper half: 1 input, 2 output. */
  gigawords: Generated<number>
  client: string
  acct_session_id: string | null
  class: string | null
  /** Start, Interim-Update, Stop, Accounting-On, Accounting-Off or the number. */
  status_type: string
  user_name: string | null
  decision_id: string | null
  framed_ip_address: string | null
  calling_station_id: string | null
  called_station_id: string | null
  nas_port: number | null
  input_octets: number | null
  output_octets: number | null
  input_packets: number | null
  output_packets: number | null
  session_seconds: number | null
  terminate_cause: string | null
  /** When it happened, by the device's Event-Timestamp and Acct-Delay-Time. */
  event_at: number
  received_at: number
  /** JSON: every attribute by name, list of texts. */
  attributes: string
}

export interface ReceiptTable {
  id: string
  at: number
  client: string
  user_name: string | null
  /** accept, reject, challenge-timeout, drop ... */
  outcome: string
  /** Reason code. */
  reason: string | null
  /** Name of the rule that matched. */
  rule: string | null
  calling_station_id: string | null
  config_version: number
  /** JSON: facts with their origin, reply, steps. */
  body: string
  /** Octets the row takes, roughly: retention by size sums it. */
  size: number
}

export interface AdminTable {
  id: string
  name: string
  name_key: string
  role: 'viewer' | 'operator' | 'admin'
  /** argon2id in PHC form; null: only tokens. */
  password_hash: string | null
  disabled: Flag
  failures: number
  locked_until: number | null
  created_at: number
  updated_at: number
}

/** API tokens and login sessions of administrators. */
export interface TokenTable {
  id: string
  /** SHA-256 of the token, hex. */
  token_hash: string
  admin_id: string
  kind: 'api' | 'login'
  name: string
  role: 'viewer' | 'operator' | 'admin'
  created_at: number
  expires_at: number | null
  last_used_at: number | null
}

export interface AuditTable {
  id: Generated<number>
  at: number
  /** Who: name of the administrator, or `system`. */
  actor: string
  /** What: `config.apply`, `user.unlock` ... */
  action: string
  /** On what: `users/alice`. */
  target: string | null
  outcome: 'done' | 'refused'
  /** From where: address of the caller. */
  origin: string | null
  /** JSON. */
  details: string
  /** SHA-256 over this row and the chain value of the row before, hex: a changed row breaks it. */
  chain: string
}

/** Sealed values that belong to no other row: ticket keys, salts. */
export interface SecretTable {
  name: string
  value_sealed: string
  created_at: number
}

/** Certificates Sallyport issued or owns. Recorded before it is signed, so that no serial is ever lost. */
export interface CertificateTable {
  /** Lower-case hex. */
  serial: string
  /** own-ca, radius-server, https-server, client ... */
  kind: string
  subject: string
  /** PEM; null until issued. */
  pem: string | null
  /** Private key in PKCS #8 PEM, sealed; null where the holder keeps it. */
  key_sealed: string | null
  /** SHA-256 of the DER encoding, lower-case hex; null until issued. */
  fingerprint: string | null
  not_before: number
  not_after: number
  /** held: revoked with certificateHold, and may be released. */
  status: 'recorded' | 'issued' | 'held' | 'revoked'
  revoked_at: number | null
  revocation_reason: string | null
  created_at: number
  /** Name and revision of the template; null for certificates of the product itself. */
  template: string | null
  template_revision: number | null
  /** How it was asked for: scep, est, acme ... */
  protocol: string | null
  /** Account id `<source>/<id>`, and its name when the certificate was issued. */
  holder_id: string | null
  holder_name: string | null
  /** Id of the device, where the certificate is for one. */
  device_id: string | null
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: a key is certified once. */
  key_hash: string | null
  /** Serials of the one it renewed, and of the one that took its place. */
  renews: string | null
  superseded_by: string | null
  /** Key identifier of the CA that signed it, lower-case hex; null: issued before this was kept. */
  issuer_key: string | null
  /** Row in `certificate_requests`; null where nobody had to ask. */
  request_id: number | null
}

/** What issued certificates are looked for by. */
export interface CertificateNameTable {
  /** Lower case: a common name, UPN, DNS name, e-mail address, the holder's name or the device's id. */
  name: string
  serial: string
  /** The negative of the certificate's created_at: of one name the newest comes first. */
  newest: number
}

/** What CRLs list and logins look at: certificates whose status was ever changed, until they have long ended. */
export interface RevokedCertificateTable {
  serial: string
  issuer_key: string
  /** released: it was held; a delta CRL has to say that it is not any more. */
  status: 'revoked' | 'held' | 'released'
  revoked_at: number
  /** Of RFC 5280 section 5.3.1, by name. */
  reason: string
  invalidity_date: number | null
  /** holder: because its account was disabled; it is released when the account is enabled. */
  held_for: 'holder' | null
  not_after: number
  /** Of the change, as those of users are: workers copy what is newer than what they have. */
  revision: number
}

/** The last number an issuer's CRLs had, full and delta, and until when a node is making one. */
export interface CrlSequenceTable {
  issuer_key: string
  number: number
  claimed_until: number
}

/** Until when each entry of `mail` was told what ends. */
export interface MailMarkTable {
  name: string
  until: number
}

/** The newest CRLs of each CA key. */
export interface CrlTable {
  issuer_key: string
  kind: 'full' | 'delta'
  number: number
  /** Of a delta: number of the full CRL it changes. */
  base_number: number | null
  this_update: number
  next_update: number
  /** Where a full CRL says that its delta is. */
  delta_url: string | null
  /** Changes up to this one are in it. */
  revision: number
  entries: number
  der: Uint8Array
}

/** Keys of the own CA, one row each. */
export interface AuthorityTable {
  /** Subject key identifier, lower-case hex. */
  key_id: string
  role: 'root' | 'issuing'
  /** requested: the certificate is still to come; prepared: clients are being told; former: it signs CRLs alone. */
  state: 'requested' | 'prepared' | 'active' | 'former'
  /** own: we signed it; imported: it came with its key; outside: another CA signed our request. */
  origin: 'own' | 'imported' | 'outside'
  /** PEM; null while requested. */
  certificate: string | null
  /** PEM of the CAs above it, the root last; empty for a root. */
  chain: string
  /** PKCS #8 PEM, sealed; null where the key is in a token. */
  key_sealed: string | null
  /** JSON of where in a token the key is, with the PIN, sealed. */
  token_sealed: string | null
  /** PKCS #10 PEM, where an outside CA signs. */
  request: string | null
  created_at: number
}

/** The local files that users, or issued certificates, are copied to, beside a database that is elsewhere. */
export interface ProjectionMarkTable {
  /** Random, of the file. */
  file: string
  /** Random, written anew after each reading and before its rows are kept: the file holds the same. */
  mark: string
  marked_at: number
}

/** Who was handed which trust anchor, beyond those who got it with a certificate. */
export interface AnchorHolderTable {
  /** Account id `<source>/<id>`, or `device:<id>`. */
  holder: string
  /** SHA-256 of the root, lower-case hex. */
  anchor: string
  name: string
  handed_by: string
  handed_at: number
}

/** Requests for certificates: what was asked, and what became of it. */
export interface CertificateRequestTable {
  id: Generated<number>
  /** `<protocol>/<transaction>`: the same request twice gets the same answer. */
  transaction_key: string
  protocol: string
  template: string
  requester: string
  holder_id: string | null
  device_id: string | null
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  key_hash: string
  /** Asked for; null: as long as the template allows. */
  days: number | null
  /** JSON of the requester, as the protocol proved it: what an approval days later issues by. */
  requester_data: string
  /** PKCS #10, DER. */
  request: Uint8Array
  renews: string | null
  /** approved: to be issued, or being issued. */
  status: 'pending' | 'approved' | 'issued' | 'denied'
  /** Of the certificate, once issued. */
  serial: string | null
  created_at: number
  decided_at: number | null
  decided_by: string | null
  note: string | null
  /** When somebody began to issue it; one who crashed over it is relieved after a minute. */
  claimed_at: number | null
}

/**
 * Notes that a fact changed, written with the change itself and deleted once every grant that rests on it was decided
 * again. Changes of users and groups need none: their revision tells.
 */
export interface FactChangeTable {
  id: Generated<number>
  at: number
  fact: 'user' | 'group' | 'certificate' | 'device' | 'all'
  /** Which one: a name, serial or id; null where `fact` is all. */
  key: string | null
  /** One line for people: `configuration version 7`. */
  cause: string
  /** `system`, or the administrator who asked. */
  asked_by: string
  /** Only a node that serves this version, or a later one, can tell what the change means. */
  config_version: number
}

/** The outbox: what is to be done to grants that a new decision does not bear out, and what was done. */
export interface GrantActionTable {
  id: Generated<number>
  /** `session` ... */
  kind: string
  grant_id: string
  /** `kind:grant_id` while open, null once closed: at most one open action a grant. */
  open_key: string | null
  /** Whose grant it is, and how that is looked up. */
  subject: string | null
  subject_key: string | null
  /** What the rate is limited by: the RADIUS client. */
  lane: string
  /** The receipt of the decision the grant rests on. */
  decision_id: string | null
  action: 'revoke' | 'change' | 'undecided'
  state: 'waiting' | 'acknowledged' | 'done' | 'obsolete' | 'failed' | 'left'
  /** JSON: Reason. */
  reason: string
  /** JSON: lines of what is different from the old decision. */
  changes: string
  cause: string
  asked_by: string
  config_version: number
  attempts: number
  next_at: number
  acknowledged_at: number | null
  /** A node works on it until then. */
  claimed_until: number
  /** JSON: Reason; null while nothing was tried. */
  result: string | null
  created_at: number
  updated_at: number
}

/** A user of a directory, as it was last read. No login is decided by it. */
export interface DirectoryUserTable {
  /** Name of the identity source. */
  source: string
  /** objectGUID, entryUUID or the DN: what stays when the user is renamed or moved, as far as the directory has it. */
  id: string
  /** sAMAccountName, uid. */
  name: string
  name_key: string
  upn: string | null
  display_name: string | null
  display_key: string | null
  surname_key: string | null
  mail: string | null
  /** JSON list of the keys in `directory_addresses`. */
  addresses: string
  department: string | null
  dn: string
  /** Made from the DN: what `directory_memberships.member_key` names the user by. */
  dn_key: string
  sid: string | null
  /** Active Directory keeps one membership in the user, as a number, and not in the group. */
  primary_group_sid: string | null
  disabled: Flag
  expires_at: number | null
  /** When a sync saw it new or different. */
  changed_at: number
}

/** Every e-mail address of a user, and the user principal name. */
export interface DirectoryAddressTable {
  source: string
  address_key: string
  user_id: string
}

export interface DirectoryGroupTable {
  source: string
  id: string
  name: string
  name_key: string
  description: string | null
  dn: string
  dn_key: string
  sid: string | null
  changed_at: number
}

/** Direct members: users, groups, and what is synced as neither (computers, people elsewhere). */
export interface DirectoryMembershipTable {
  source: string
  group_id: string
  /** Key of the member's DN, or `uid:` and the key of a login name (posixGroup). */
  member_key: string
}

/** How far a source has been read, and by whom it is being read. */
export interface DirectorySyncTable {
  source: string
  /** Of the settings that say what is read: when they change, everything is read anew. */
  settings_mark: string
  /** JSON: up to where the changes of each server have been read. */
  marks: string
  /** The node that syncs; empty: none. */
  holder: string
  /** After that another node may take over. */
  held_until: number
  /** Of the run under way. */
  started_at: number | null
  /** When the last run ended, well or not. */
  tried_at: number | null
  succeeded_at: number | null
  full_at: number | null
  /** JSON: what the last good run read and changed. */
  last: string | null
  /** JSON: Reason of the last run, where it failed. */
  failure: string | null
}

/** What binds an ACME account to a template, names and a person (external account binding, RFC 8555 section 7.3.4). */
export interface AcmeKeyTable {
  id: string
  template: string
  mac_key_sealed: string
  /** With realm: whom its certificates are for; null: a server or device without an account. */
  account_name: string | null
  /** Id of that account: its name may be somebody else's one day. */
  holder_id: string | null
  /** JSON: patterns that narrow the names the template allows; empty: none. */
  names: string
  note: string
  created_at: number
  created_by: string
  expires_at: number
  /** Id of the one ACME account that was made with it. */
  acme_account: string | null
  used_at: number | null
}

export interface AcmeAccountTable {
  id: string
  template: string
  /** `template/thumbprint` of the account key: no two accounts of a directory have one key. */
  key_place: string
  /** JSON: the public key. */
  jwk: string
  status: 'valid' | 'deactivated' | 'revoked'
  /** JSON list. */
  contacts: string
  /** Of `acme_keys`, and what that said when the account was made. */
  key_id: string | null
  account_name: string | null
  holder_id: string | null
  names: string
  created_at: number
  created_from: string
  /** When it last ordered. */
  seen_at: number
}

export interface AcmeOrderTable {
  id: string
  account: string
  status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid'
  /** JSON list of identifiers. */
  identifiers: string
  created_at: number
  expires_at: number
  /** JSON: Problem. */
  error: string | null
  /** The request of finalize, PKCS #10. */
  request: Uint8Array | null
  /** Of `certificate_requests`, while an administrator has to approve. */
  request_id: number | null
  serial: string | null
  /** PEM, the certificate first and the root last. */
  chain: string | null
  /** Certificate id (RFC 9773 section 4.1). */
  replaces: string | null
}

export interface AcmeAuthorizationTable {
  id: string
  account: string
  order_id: string
  position: number
  /** JSON. */
  identifier: string
  wildcard: Flag
  status: 'pending' | 'valid' | 'invalid' | 'deactivated'
  expires_at: number
  /** JSON: type and token of each. */
  challenges: string
  /** Type of the challenge the client said it has answered: the others are then of no use. */
  attempted: string | null
  validated_at: number | null
  /** JSON: Problem. */
  error: string | null
  /** SHA-256 of the SubjectPublicKeyInfo a device attested, lower-case hex. */
  attested_key: string | null
  /** One-time secrets a certificate is asked for with; rows go a month after their end. */
}

export interface EnrolmentChallengeTable {
  id: Generated<number>
  /** SHA-256 of the secret, lower-case hex. */
  hash: string
  /** The only template it is good for. */
  template: string
  /** The account it is for, as it was named, and its id then. */
  user_name: string | null
  holder_id: string | null
  device_id: string | null
  /** The common name the request must have; null: any that is the account's. */
  subject: string | null
  /** JSON: `{dns: [], ip: []}`, names the certificate may hold. */
  names: string
  minimum_rsa_bits: number | null
  created_at: number
  created_by: string
  expires_at: number
  used_at: number | null
  /** Which transaction used it: the same one again is a retry. */
  used_by: string | null
}

/** SCEP requests that wait for approval: whom to answer when their clients poll. */
export interface ScepTransactionTable {
  /** SHA-256 of transaction id and key of the signer, lower-case hex. */
  transaction_key: string
  request_id: number
  /** `RequesterProof`. */
  proof: string
  requester: string
  holder_id: string | null
  holder_name: string | null
  device_id: string | null
  created_at: number
}

/** One-time links by which people fetch the files of connections; rows go a month after their end. */
export interface ProfileLinkTable {
  id: Generated<number>
  /** SHA-256 of the token in the link, lower-case hex. */
  token_hash: string
  /** Keyed hash of the code that is typed instead; null: there is none. */
  code_mark: string | null
  /** The account it is for, as its source names it, and its id. */
  user_name: string
  holder_id: string
  /** JSON: names of the connections one of which it brings. */
  connections: string
  /** `ClientSystem`; null: whichever the person has. */
  system: string | null
  language: string | null
  /** On whose word: an administrator's, or of the person who logged in. */
  made_by: 'administrator' | 'person'
  created_by: string
  created_at: number
  expires_at: number
  used_at: number | null
  /** Address it was used from. */
  used_from: string | null
  /** Connection and output. */
  used_for: string | null
}
