/** Packets that are refused before anybody asks who wants to log in, and secrets that differ. */
import assert from 'node:assert/strict'
import { attribute, encodeRequest, PacketCode, Secret } from '@sallyport/radius'
import { EapMessage, UserName } from '@sallyport/radius/attributes'
import { MESSAGE_AUTHENTICATOR } from '../../../radclient.ts'
import type { Cause, Clue } from '../cause.ts'
import type { DiagnosisHouse } from '../house.ts'
import { type ClientKind, type Site, STRANGER } from '../site.ts'

export function packetCauses(site: Site): Cause[] {
  const { clients, seeded } = site
  const dropped = (kind: ClientKind): Clue => ({ by: 'drop', sender: clients[kind].name })
  const of = (kind: ClientKind): string => clients[kind].name
  const silent = (
    name: string,
    code: string,
    kind: ClientKind,
    more: Partial<Cause> & { readonly send: (house: DiagnosisHouse) => Promise<unknown> },
  ): Cause => {
    const { send, ...rest } = more
    return {
      name,
      code,
      says: [of(kind)],
      ...rest,
      async happen(house) {
        await send(house)
        return dropped(kind)
      },
    }
  }
  const rejected = (
    name: string,
    code: string,
    attributes: readonly string[],
    more: Partial<Cause> & { readonly client?: ClientKind; readonly secret?: string } = {},
  ): Cause => {
    const { client = 'gateway', secret, ...rest } = more
    const mac = seeded.mac()
    return {
      name,
      code,
      says: [of(client)],
      ...rest,
      async happen(house) {
        const asked = [...attributes, `Calling-Station-Id = "${mac}"`]
        const reply = await house.request(asked, { client, ...(secret === undefined ? {} : { secret }) })
        // Signed with a secret of ours, a reject is none to a client that has another.
        if (secret === undefined) assert.equal(reply.code, 'Access-Reject', reply.output)
        return { by: 'station', value: mac }
      },
    }
  }
  const login = ({ name, password }: ReturnType<Site['user']>) => [
    `User-Name = "${name}"`,
    `User-Password = "${password}"`,
  ]
  const [signed, inEap, unsigned, proxied, garbled] = [
    site.user(),
    site.user(),
    site.user(),
    site.user(),
    site.user(),
  ]
  const other = site.user()
  return [
    silent('wrong shared secret, by PAP', 'message-authenticator-invalid', 'wifi', {
      says: [of('wifi'), 'shared secrets differ', signed.name],
      twin: 'secret or password',
      send: (house) =>
        house.request([...login(signed), MESSAGE_AUTHENTICATOR], {
          client: 'wifi',
          secret: seeded.name(),
          seconds: 0.3,
        }),
    }),
    silent('wrong shared secret, by PEAP', 'message-authenticator-invalid', 'byGroup', {
      says: [of('byGroup'), 'shared secrets differ', inEap.name],
      send: (house) =>
        house.supplicant(house.tunnel('PEAP', 'MSCHAPV2', inEap), {
          client: 'byGroup',
          secret: seeded.name(),
          seconds: 1,
        }),
    }),
    rejected(
      'wrong shared secret, by PAP without Message-Authenticator',
      'password-garbled',
      login(garbled),
      {
        client: 'legacy',
        secret: seeded.name(),
        says: [of('legacy'), garbled.name, 'shared secrets differ'],
        twin: 'secret or password',
      },
    ),
    silent('wrong shared secret for accounting', 'wrong-secret', 'gateway', {
      send: (house) =>
        house.request(['Acct-Status-Type = Start', 'Acct-Session-Id = "1"'], {
          command: 'acct',
          secret: seeded.name(),
          seconds: 0.3,
        }),
    }),
    silent('no Message-Authenticator', 'message-authenticator-missing', 'gateway', {
      says: [of('gateway'), unsigned.name],
      send: (house) => house.request(login(unsigned), { seconds: 0.3 }),
    }),
    silent('forwarded without Message-Authenticator', 'proxy-state-without-message-authenticator', 'legacy', {
      says: [of('legacy'), proxied.name],
      send: (house) =>
        house.request([...login(proxied), 'Proxy-State = 0x01'], { client: 'legacy', seconds: 0.3 }),
    }),
    silent('client that is switched off', 'client-disabled', 'switchedOff', {
      send: (house) =>
        house.request([...login(other), MESSAGE_AUTHENTICATOR], { client: 'switchedOff', seconds: 0.3 }),
    }),
    {
      name: 'address that is no client',
      code: 'unknown-client',
      says: [STRANGER],
      async happen(house) {
        const asked = [...login(other), MESSAGE_AUTHENTICATOR]
        await house.request(asked, { address: STRANGER, seconds: 0.3 })
        return { by: 'drop', sender: STRANGER }
      },
    },
    silent('packet with a wrong length', 'malformed-packet', 'tlsOnly', {
      says: [clients.tlsOnly.address],
      send: (house) => {
        const octets = Buffer.from(accessRequest(site, 'tlsOnly', other.name))
        octets.writeUInt16BE(octets.length + 7, 2)
        return house.raw(octets, 'tlsOnly')
      },
    }),
    silent('Disconnect-Request at the port for logins', 'unsupported-packet-code', 'tlsOnly', {
      says: [of('tlsOnly'), '40'],
      send: (house) => {
        const octets = Buffer.from(accessRequest(site, 'tlsOnly', other.name))
        octets[0] = PacketCode.DisconnectRequest
        return house.raw(octets, 'tlsOnly')
      },
    }),
    rejected('login without any proof', 'no-credentials', [
      `User-Name = "${other.name}"`,
      MESSAGE_AUTHENTICATOR,
    ]),
    rejected('login with two proofs', 'credentials-malformed', [
      ...login(other),
      `CHAP-Password = "${other.password}"`,
      MESSAGE_AUTHENTICATOR,
    ]),
    rejected('login that goes on where none began', 'conversation-unknown', [
      `User-Name = "${other.name}"`,
      'EAP-Message = 0x0201000501',
      `State = 0x${'07'.repeat(18)}`,
      MESSAGE_AUTHENTICATOR,
    ]),
  ]
}

/** A well-formed and well-signed start of a login by EAP. */
function accessRequest(site: Site, kind: ClientKind, user: string): Uint8Array {
  const identity = Buffer.from(user)
  const eap = Buffer.concat([Buffer.from([2, 1, 0, identity.length + 5, 1]), identity])
  return encodeRequest({
    code: PacketCode.AccessRequest,
    id: 77,
    secret: new Secret(site.clients[kind].secret),
    attributes: [attribute(UserName, user), attribute(EapMessage, eap)],
  })
}
