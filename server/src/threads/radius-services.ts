import type { MessagePort } from 'node:worker_threads'
import type { DryDecision, DryLogin } from '../access/dry-run.ts'
import type { AboutLogin, LoginUnderWay } from '../access/eap/login-under-way.ts'
import type { ServedCertificate } from '../access/eap/server-certificate-choice.ts'
import type { UnknownMac } from '../access/mab/unknown-macs.ts'
import type { UpstreamSeen } from '../access/proxy/upstreams.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { IssuedFile } from '../enrolment/issued/issued-certificates.ts'
import type { IdentityAnswer } from '../enrolment/registration/requester.ts'
import type { RevocationAnswer, RevocationQuestion } from '../enrolment/revocation/revocation-answer.ts'
import type { ClientTrust } from '../enrolment/trust.ts'
import type { Concerned } from '../identity/ldap/changes/concerned.ts'
import type { SourceSeen } from '../identity/state/source-record.ts'
import type { LevelOverride } from '../kernel/logging.ts'
import type { MetricsSnapshot } from '../kernel/metrics.ts'
import type { Captured, CaptureOrder } from '../listeners/radius-udp/capture.ts'
import type { ClientSeen, UnknownSeen } from '../listeners/radius-udp/client-monitor.ts'
import type { AccountQuestion } from './enrolment-accounts.ts'
import type { StorePorts } from './store-services.ts'

/** The services of the store thread a RADIUS worker uses. */
export const RADIUS_STORE_SERVICES = [
  'accounting',
  'clientObservations',
  'knownAccounts',
  'lockout',
  'receipts',
  'sessionLimits',
  'shield',
  'users',
] as const

/** What main gives a RADIUS worker at its start. */
export interface RadiusThreadData {
  readonly node: number
  readonly worker: number
  /** Ports to the other workers, by their number. */
  readonly peers: ReadonlyMap<number, MessagePort>
  /** Octets no other server process has: a request that carries them has been here before. */
  readonly proxyMark: Uint8Array
  readonly keyFile: string
  /** SQLite file with users and groups, opened read-only. */
  readonly usersFile: string
  /** Counts the changes of that file. */
  readonly userChanges: SharedArrayBuffer
  /** What the own CA issued, opened read-only. */
  readonly issuedFile: IssuedFile
  /** Counts the changes of what is known about revocation. */
  readonly revocationChanges: SharedArrayBuffer
  readonly store: StorePorts<(typeof RADIUS_STORE_SERVICES)[number]>
  /** Exposes `RevocationAsked`. */
  readonly revocation: MessagePort
}

/** What a RADIUS worker asks of the main thread. */
export interface RevocationAsked {
  /** Never rejects for what a peer can send. */
  ask(question: RevocationQuestion): Promise<RevocationAnswer>
  /** Whether the records hold this certificate. Rejects where they cannot be asked. */
  isRecorded(fingerprint: string): Promise<boolean>
}

/** Everything a worker decides with; replaced as a whole. */
export interface RadiusState {
  readonly snapshot: Snapshot
  /** The RADIUS server's own certificates; one of them is for everybody. */
  readonly certificates: readonly ServedCertificate[]
  readonly trust: ClientTrust
}

export interface RadiusAddresses {
  /** Addresses to listen on. */
  readonly addresses: readonly string[]
  readonly authenticationPorts: readonly number[]
  readonly accountingPorts: readonly number[]
  /** Several workers bind the same ports. */
  readonly isShared: boolean
}

export interface RadiusSeen {
  readonly clients: readonly (readonly [string, ClientSeen])[]
  readonly strangers: readonly (readonly [string, UnknownSeen])[]
  readonly unknownMacs: readonly UnknownMac[]
}

/** What main asks of a RADIUS worker. */
export interface RadiusServices {
  /** Compiles and swaps; where it rejects, the state before keeps serving. */
  configure(state: RadiusState): Promise<void>
  /** Binds all ports or none. @throws ConfigError 'listen-failed' with `address`, `port` and the system's `reason` */
  listen(addresses: RadiusAddresses): Promise<void>
  seen(): Promise<RadiusSeen>
  /** Logins by EAP that are not decided yet. */
  loginsUnderWay(about: AboutLogin): Promise<readonly LoginUnderWay[]>
  /** Authentication ports of the upstreams, as this worker sees them. */
  upstreams(): Promise<readonly UpstreamSeen[]>
  /** Identity sources others answer for, as this worker sees them. */
  sourcesSeen(): Promise<readonly SourceSeen[]>
  /** Forgets what directories said: of one source or all, of these users or all. */
  refreshDirectories(source?: string, users?: readonly string[]): Promise<void>
  /** Forgets whom a change in a directory concerns. */
  forgetConcerned(source: string, concerned: Concerned): Promise<void>
  /** What a login would come to. @throws RequestError */
  tryPolicy(client: string, login: DryLogin): Promise<DryDecision>
  /** Who an account is, for a certificate: the sources are asked as for a login. */
  enrolmentAccount(question: AccountQuestion): Promise<IdentityAnswer>
  /** An address that is a client's now is no stranger. */
  forgetStranger(address: string): Promise<void>
  /** Resolves once what was seen of clients so far is stored. */
  storeObservations(): Promise<void>
  metrics(): Promise<MetricsSnapshot>
  setLevel(override: LevelOverride): Promise<void>
  /** Begins to copy what one client sends and gets; ends a capture that runs. */
  startCapture(order: CaptureOrder): Promise<void>
  captured(): Promise<Captured>
  stopCapture(): Promise<void>
  /** Stops listening, finishes what is under way, hands over the receipts. */
  close(): Promise<void>
}
