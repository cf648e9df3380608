import { formatValue, type PacketView } from '@sallyport/radius'
import {
  CalledStationId,
  CallingStationId,
  NasIdentifier,
  NasPortId,
  NasPortType,
  ServiceType,
} from '@sallyport/radius/attributes'
import type { IdentifiedUser } from '../identity/source.ts'
import { normaliseStationMac } from '../kernel/mac-address.ts'
import type { CertificateFacts, Facts, MacFacts, RequestFacts, UserFacts } from '../policy/facts.ts'
import type { Method } from '../policy/methods.ts'
import type { AccessRequest } from './access-request.ts'
import type { LocalTime } from './local-time.ts'
import { readableAttributes } from './readable-attributes.ts'

/** What a finished method proved, whichever way it was proved. */
export interface Proved {
  readonly user: IdentifiedUser
  readonly realm: string
  readonly method: Method
  readonly inner?: Method | undefined
  readonly outerIdentity: string
  readonly tlsVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  readonly resumed?: boolean
  readonly certificate?: CertificateFacts | undefined
  readonly mac?: MacFacts | undefined
}

/** What is known before anybody proved anything: enough to tell which methods are worth offering. */
export function earlyFacts(request: AccessRequest, outerIdentity: string, time: LocalTime) {
  return {
    door: 'network',
    client: clientFacts(request),
    request: requestFacts(request),
    auth: { outerIdentity },
    time: time.facts(request.receivedAt),
  } as const
}

/** The same at a login and when its session is decided again: a rule must not see another user there. */
export function userFacts(user: IdentifiedUser, realm: string): UserFacts {
  const { name, source, groups, attributes, kind, lookup } = user
  return {
    ...{ name, realm, source, groups, attributes },
    ...(kind === undefined ? {} : { kind }),
    ...(lookup === undefined ? {} : { lookup }),
  }
}

export function decisionFacts(request: AccessRequest, proved: Proved, time: LocalTime): Facts {
  const { user, inner, tlsVersion, certificate, mac } = proved
  return {
    door: 'network',
    user: userFacts(user, proved.realm),
    auth: {
      method: proved.method,
      outerIdentity: proved.outerIdentity,
      resumed: proved.resumed ?? false,
      ...(inner === undefined ? {} : { inner }),
      ...(tlsVersion === undefined ? {} : { tlsVersion }),
    },
    client: clientFacts(request),
    request: requestFacts(request),
    time: time.facts(request.receivedAt),
    ...(certificate === undefined ? {} : { certificate }),
    ...(mac === undefined ? {} : { mac }),
  }
}

/**
 * Request facts as plain data, for the receipt: what is looked up lazily is looked up, and the attributes, which have no
 * prototype, get an ordinary one. JSON.stringify is more than twice as fast on that.
 */
export function plainRequestFacts(facts: RequestFacts): RequestFacts {
  const {
    calledStationId,
    callingStationId,
    callingMac,
    nasIdentifier,
    nasPortType,
    serviceType,
    connection,
  } = facts
  return {
    calledStationId,
    callingStationId,
    nasIdentifier,
    nasPortType,
    serviceType,
    callingMac,
    connection,
    attributes: { ...facts.attributes },
  } as RequestFacts // as in requestFacts
}

function clientFacts({ client, source }: AccessRequest): Facts['client'] {
  return { name: client.name, vendor: client.vendor, address: source.address }
}

/** What belongs to the transport alone is no fact about the request. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'EAP-Message',
  'Message-Authenticator',
  'State',
  'Proxy-State',
])

function requestFacts({ packet, client }: AccessRequest): RequestFacts {
  const callingStationId = packet.get(CallingStationId)
  let attributes: ReturnType<typeof readableAttributes> | undefined
  return {
    calledStationId: packet.get(CalledStationId),
    callingStationId,
    nasIdentifier: packet.get(NasIdentifier),
    nasPortType: named(packet, NasPortType),
    serviceType: named(packet, ServiceType),
    connection: client.connections.size === 0 ? undefined : connectionOf(packet, client.connections),
    get callingMac() {
      return callingStationId === undefined ? undefined : normaliseStationMac(callingStationId)
    },
    // Hardly any rule looks at all attributes, and naming them all costs more than the decision: only when asked.
    get attributes() {
      attributes ??= readableAttributes(packet, LEFT_OUT)
      return attributes
    },
  } as RequestFacts // exactOptionalPropertyTypes: absent and undefined are the same to every reader of facts
}

function connectionOf(packet: PacketView, connections: ReadonlyMap<string, string>): string | undefined {
  const port = packet.get(NasPortId)
  return port === undefined ? undefined : connections.get(port)
}

function named(packet: PacketView, definition: typeof NasPortType): string | undefined {
  const value = packet.get(definition)
  return value === undefined ? undefined : formatValue(definition, value)
}
