/** The one account and the one RADIUS client both servers know. */
import { ntPasswordHash } from '@sallyport/mschap'

export const USER = 'alice'
export const PASSWORD = 'Vpn-Passw0rd!'
export const SECRET = 'secret-of-the-benchmark'
export const SERVER_NAME = 'radius.bench.test'

/** Line of a FreeRADIUS `users` file. */
export function freeRadiusUser(): string {
  return `${USER} NT-Password := 0x${Buffer.from(ntPasswordHash(PASSWORD)).toString('hex')}`
}

/**
 * The same for Sallyport, with a policy that looks at the user, the client and the group and grants a profile: its
 * figures are with policy and receipts on.
 *
 * @param clientCaPem the CA of the client certificates, PEM
 */
export function sallyportDocument(clientCaPem?: string): string {
  const trust =
    clientCaPem === undefined
      ? ''
      : `trust:\n  - name: bench\n    kind: pem\n    pem: |\n${clientCaPem.trim().replace(/^/gm, '      ')}\n`
  return `
settings:
  serverName: ${SERVER_NAME}
  receipts: { maximumMegabytes: 100000 }
clients:
  - { name: gateway, address: 127.0.0.1, secret: ${SECRET} }
sources:
  - { name: local, kind: local, passwordStorage: nt-hash }
realms:
  - { name: default, default: true, sources: [local] }
  - { name: bench.test, suffixes: [bench.test], sources: [local] }
${trust}profiles:
  - { name: vpn, filterId: staff, sessionTimeoutSeconds: 28800 }
rules:
  - name: administrators
    when: '"Administrators" in user.groups'
    effect: accept
  - name: vpn-users
    when: '"VPN Users" in user.groups && client.name == "gateway"'
    effect: accept
    profiles: [vpn]
groups:
  - { name: Administrators }
  - { name: VPN Users }
users:
  - { name: ${USER}, password: "${PASSWORD}", groups: [VPN Users] }
`
}
