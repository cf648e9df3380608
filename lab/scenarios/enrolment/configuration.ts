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
  'host/lego.lab.test',
  'host/certbot.lab.test',
  'by-windows',
  'enrol-est',
  'enrol-scep',
  'crowd',
] as const

export type LabUser = (typeof USERS)[number]

interface Ports {
  readonly devicePort: number
  readonly enrolPort: number
  readonly httpPort: number
  readonly dnsPort: number
  readonly challengePort: number
}

export function configuration({ devicePort, enrolPort, httpPort, dnsPort, challengePort }: Ports): string {
  const users = USERS.map((name) => `  - { name: ${name}, password: ${PASSWORD}, groups: [staff] }`)
  return `
clients:
  - name: access-point
    address: 127.0.0.1
    secret: ${SECRET}
    dynamicAuthorization: { port: ${devicePort}, timeoutSeconds: 1 }
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, suffixes: [lab.test], sources: [local] }]
trust: [{ name: own, kind: own }]
rules: [{ name: staff, when: '"staff" in user.groups', effect: accept }]
groups: [{ name: staff }]
users:
${users.join('\n')}
certificateTemplates:
  - { name: people, base: user, perHolder: 100, enrol: { groups: [staff] } }
  - { name: scep, base: user, keys: { algorithms: [rsa], reuse: true }, perHolder: 100, protocols: [scep], enrol: { groups: [staff] } }
  - name: hosts
    base: web-server
    names: proved
    allowedNames: ['*.lab.test']
    extendedKeyUsages: [1.3.6.1.5.5.7.3.1, 1.3.6.1.5.5.7.3.2]
    protocols: [acme]
    enrol: { groups: [staff] }
enrolment:
  httpUrl: http://127.0.0.1:${httpPort}
  httpsUrl: https://localhost:${enrolPort}
  est: { template: people }
  scep: { enabled: true, allowSha1: true, allowDes: true }
  windows: {}
  acme:
    enabled: true
    validation: { httpPort: ${challengePort}, resolvers: ['127.0.0.1:${dnsPort}'], networks: [127.0.0.0/8] }
`
}
