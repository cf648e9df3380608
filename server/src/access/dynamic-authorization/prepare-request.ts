import { type Attribute, attribute, attributeFromText, PacketCode, RadiusError } from '@sallyport/radius'
import { EventTimestamp } from '@sallyport/radius/attributes'
import {
  type ClientConfiguration,
  DEFAULT_DYNAMIC_AUTHORIZATION,
  type RecipeConfiguration,
} from '../../config/schema.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { ConfigError } from '../../kernel/errors.ts'
import { mergeProfiles } from '../../policy/authorization.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { authorizationAttributes } from '../authorization-attributes.ts'
import { DICTIONARY, readableReply } from '../readable-attributes.ts'
import type { SessionRow } from '../session-store.ts'
import type { ActionRequest, DynamicAction } from './action.ts'
import { deviceOf } from './device-address.ts'
import type { DeviceRequest } from './exchange.ts'
import { type ReportedAttributes, sessionNames } from './session-names.ts'
import { habitsOf } from './vendor-habits.ts'

export type PreparedRequest =
  | (Omit<DeviceRequest, 'listening'> & {
      readonly ok: true
      /** For the list of past actions. */
      readonly readable: { readonly packet: string; readonly attributes: ReturnType<typeof readableReply> }
      /** Whether the device is to come back with an Access-Request (RFC 5176 section 3.2). */
      readonly isAuthorizeOnly: boolean
    })
  | { readonly ok: false; readonly reason: Reason }

/** From what is wanted to the request of the session's device, or why nothing can be sent. */
export function prepareRequest(
  request: ActionRequest,
  session: SessionRow,
  reported: ReportedAttributes,
  { configuration, clientAddresses }: Snapshot,
  now: number,
): PreparedRequest {
  const { action } = request
  const refuse = (why: Reason): PreparedRequest => ({ ok: false, reason: why })
  if (session.state === 'stopped') return refuse(reason('session-ended', { session: session.id }))
  const client = configuration.clients.find(({ name }) => name === session.client)
  if (client === undefined || !client.enabled) {
    return refuse(reason('dynamic-authorization-client-gone', { client: session.client }))
  }
  const { name, vendor, dynamicAuthorization: settings = DEFAULT_DYNAMIC_AUTHORIZATION } = client
  if (!settings.enabled) return refuse(reason('dynamic-authorization-disabled', { client: name }))
  const profile = configuration.profiles.find((each) => each.name === request.profile)
  if (action === 'change' && profile === undefined && request.attributes === undefined) {
    return refuse(reason('profile-unknown', { profile: request.profile ?? '' }))
  }
  const recipe = recipeOf(client, action)
  if (recipe === undefined) {
    return refuse(reason('dynamic-authorization-unsupported', { client: name, vendor, action }))
  }
  const networks = clientAddresses.find((entry) => entry.client === name)?.networks ?? []
  const device = deviceOf(client, networks, session)
  if (device === undefined) {
    const nas = session.nas_address ?? undefined
    return refuse(reason('dynamic-authorization-no-address', { client: name, nas }))
  }
  try {
    const wanted = settings.identify ?? habitsOf(vendor).identify
    const names = sessionNames(session, reported, wanted)
    if (names === undefined) {
      return refuse(reason('session-not-nameable', { client: name, wanted: [...wanted] }))
    }
    const given =
      profile === undefined
        ? (request.attributes ?? [])
        : authorizationAttributes(mergeProfiles([profile]).authorization, vendor)
    const attributes = [...names, attribute(EventTimestamp, new Date(now)), ...ofRecipe(recipe), ...given]
    const { dynamicAuthorizationSecret: own, secret, newSecret } = client
    return {
      ok: true,
      device,
      secrets: own !== undefined ? [own] : newSecret === undefined ? [secret] : [secret, newSecret],
      code: recipe.packet === 'coa' ? PacketCode.CoaRequest : PacketCode.DisconnectRequest,
      attributes,
      messageAuthenticator: settings.messageAuthenticator,
      timeoutSeconds: settings.timeoutSeconds,
      retries: settings.retries,
      readable: { packet: recipe.packet, attributes: readableReply(attributes) },
      isAuthorizeOnly: recipe.attributes.some(
        (each) => each.name === 'Service-Type' && each.value === 'Authorize-Only',
      ),
    }
  } catch (error) {
    if (!(error instanceof RadiusError || error instanceof ConfigError)) throw error
    const detail = error.message
    return refuse(reason('dynamic-authorization-unbuildable', { client: name, action, detail }))
  }
}

const SETTING = {
  disconnect: 'disconnect',
  reauthenticate: 'reauthenticate',
  'bounce-port': 'bouncePort',
} as const
const CHANGE: RecipeConfiguration = { packet: 'coa', attributes: [] }

/** What the client's configuration says, else what is known of its vendor; undefined: the device cannot. */
function recipeOf(client: ClientConfiguration, action: DynamicAction): RecipeConfiguration | undefined {
  const habits = habitsOf(client.vendor)
  if (action === 'change') return habits.change ? CHANGE : undefined
  return client.dynamicAuthorization?.[SETTING[action]] ?? habits.actions[action]
}

function ofRecipe(recipe: RecipeConfiguration): Attribute[] {
  return recipe.attributes.map((text) => attributeFromText(DICTIONARY, text))
}
