import { SoapError } from '../soap/soap-error.ts'
import { XCEP } from '../xml/namespaces.ts'
import type { XmlElement } from '../xml/xml-element.ts'

export const GET_POLICIES = `${XCEP}/IPolicy/GetPolicies`
export const GET_POLICIES_RESPONSE = `${XCEP}/IPolicy/GetPoliciesResponse`

/** MS-XCEP section 3.1.4.1.1.1. */
export interface GetPolicies {
  /** When the client last got them, milliseconds since the epoch; absent: never. */
  readonly lastUpdate?: number
  /** Only these templates; absent: all. */
  readonly policyOids?: readonly string[]
  /** Highest version of the template format the client knows; 0 = any. */
  readonly clientVersion: number
  readonly serverVersion: number
}

const MOST_OIDS = 256

/** @throws SoapError */
export function readGetPolicies(body: XmlElement): GetPolicies {
  if (!body.is(XCEP, 'GetPolicies')) throw new SoapError('Sender', 'the body is not GetPolicies')
  const client = body.only(XCEP, 'client')
  if (client === undefined) throw new SoapError('Sender', 'GetPolicies without a client')
  const filter = present(body.only(XCEP, 'requestFilter'))
  const lastUpdate = readTime(present(client.only(XCEP, 'lastUpdate')))
  const oids = present(filter?.only(XCEP, 'policyOIDs'))?.all(XCEP, 'oid')
  if (oids !== undefined && oids.length > MOST_OIDS)
    throw new SoapError('Sender', `more than ${MOST_OIDS} OIDs`)
  return {
    ...(lastUpdate !== undefined && { lastUpdate }),
    ...(oids !== undefined && oids.length > 0 && { policyOids: oids.map(({ text }) => text.trim()) }),
    clientVersion: readVersion(filter, 'clientVersion'),
    serverVersion: readVersion(filter, 'serverVersion'),
  }
}

function present(element: XmlElement | undefined): XmlElement | undefined {
  return element === undefined || element.isNil ? undefined : element
}

/** A client that never asked sends 0001-01-01T00:00:00, the first time .NET knows, or none. */
function readTime(element: XmlElement | undefined): number | undefined {
  const text = element?.text.trim() ?? ''
  if (text === '' || text.startsWith('0001-')) return undefined
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?$/.test(text))
    throw new SoapError('Sender', 'lastUpdate is not a time')
  // Without a zone it is UTC, as the server sent it.
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`
  const time = Date.parse(zoned)
  if (Number.isNaN(time)) throw new SoapError('Sender', 'lastUpdate is not a time')
  return time
}

function readVersion(filter: XmlElement | undefined, name: string): number {
  const text = present(filter?.only(XCEP, name))?.text.trim() ?? '0'
  if (!/^\d{1,9}$/.test(text)) throw new SoapError('Sender', `${name} is not a number`)
  return Number(text)
}
