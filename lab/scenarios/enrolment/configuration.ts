/** One account for each way to enrol, so that none meets the certificates of another. */
export const SECRET = 'secret-of-the-access-point'
export const PASSWORD = 'Correct-Horse-9'

export const USERS = [
  'anybody',
  'est-strongswan',
  'est-curl',
  'scep-go',
  'scep-strongswan',
  'scep-certmonger',
  'by-request',
  'by-pkcs12',
  'by-command',
  'acme-lego',
  'acme-certbot',
  'enrol-est',
  'enrol-scep',
  'crowd',
] as const

export type LabUser = (typeof USERS)[number]

interface Ports {
  readonly devicePort: number
  readonly enrolPort: number
  readonly httpPort: number
}

export function configuration({ devicePort, enrolPort, httpPort }: Ports): string {
  const users = USERS.map((name) => `  - { name: ${name}, password: ${PASSWORD}, groups: [staff] }`)
  return `
clients:
  - name: access-point
    address: 127.0.0.1
    secret: ${SECRET}
    dynamicAuthorization: { port: ${devicePort}, timeoutSeconds: 1 }
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, sources: [local] }]
trust: [{ name: own, kind: own }]
rules: [{ name: staff, when: '"staff" in user.groups', effect: accept }]
groups: [{ name: staff }]
users:
${users.join('\n')}
certificateTemplates:
  - { name: people, base: user, perHolder: 100, enrol: { groups: [staff] } }
  - { name: scep, base: user, keys: { algorithms: [rsa] }, perHolder: 100, protocols: [scep], enrol: { groups: [staff] } }
enrolment:
  httpUrl: http://127.0.0.1:${httpPort}
  httpsUrl: https://localhost:${enrolPort}
  est: { template: people }
`
}
