import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ROLES, type Role } from '../../admins/role.ts'
import { type ApiUnderTest, openApiUnderTest } from './testing.ts'

/**
 * Who may call what, written down apart from the code: every route, the least role that may call it, and a request that
 * is well formed. A route that is not listed here fails the test.
 */
const MATRIX: readonly (readonly [
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  route: string,
  least: Role | 'public',
  request?: { url?: string; body?: object },
])[] = [
  ['GET', '/healthz', 'public'],
  ['GET', '/readyz', 'public'],
  ['GET', '/api/openapi.json', 'public'],
  ['GET', '/metrics', 'viewer'],
  ['GET', '/api/v1/health', 'viewer'],
  ['POST', '/api/v1/login', 'public', { body: { name: 'nobody', password: 'wrong' } }],
  ['GET', '/api/v1/me', 'viewer'],
  ['PUT', '/api/v1/me/password', 'viewer', { body: { current: 'wrong', next: 'also wrong, but long' } }],
  ['GET', '/api/v1/admins', 'admin'],
  ['POST', '/api/v1/admins', 'admin', { body: { name: 'zoe', password: 'a long password', role: 'viewer' } }],
  ['PATCH', '/api/v1/admins/:name', 'admin', { url: '/api/v1/admins/zoe', body: { disabled: true } }],
  ['DELETE', '/api/v1/admins/:name', 'admin', { url: '/api/v1/admins/zoe' }],
  ['GET', '/api/v1/tokens', 'admin'],
  ['POST', '/api/v1/tokens', 'admin', { body: { name: 'backup', role: 'viewer' } }],
  ['DELETE', '/api/v1/tokens/:id', 'admin', { url: '/api/v1/tokens/sp_000000000000' }],
  ['GET', '/api/v1/configuration', 'viewer'],
  ['GET', '/api/v1/configuration/versions', 'viewer'],
  ['GET', '/api/v1/configuration/versions/:number', 'viewer', { url: '/api/v1/configuration/versions/1' }],
  ['POST', '/api/v1/configuration/plan', 'operator', { body: { document: '{}' } }],
  ['POST', '/api/v1/configuration/apply', 'admin', { body: { document: '{}' } }],
  ['POST', '/api/v1/configuration/rollback', 'admin', { body: { version: 1 } }],
  ['GET', '/api/v1/users', 'viewer'],
  ['GET', '/api/v1/users/:name', 'viewer', { url: '/api/v1/users/alice' }],
  ['POST', '/api/v1/users', 'operator', { body: { name: 'bob' } }],
  ['PATCH', '/api/v1/users/:name', 'operator', { url: '/api/v1/users/alice', body: { disabled: true } }],
  ['DELETE', '/api/v1/users/:name', 'operator', { url: '/api/v1/users/alice' }],
  [
    'PUT',
    '/api/v1/users/:name/password',
    'operator',
    { url: '/api/v1/users/alice/password', body: { password: 'x' } },
  ],
  ['POST', '/api/v1/users/:name/unlock', 'operator', { url: '/api/v1/users/alice/unlock' }],
  [
    'POST',
    '/api/v1/clients/:name/reply',
    'operator',
    { url: '/api/v1/clients/vpn-1/reply', body: { profiles: ['vpn'] } },
  ],
  ['POST', '/api/v1/policy/try', 'operator', { body: { client: 'vpn-1', user: 'alice' } }],
  ['GET', '/api/v1/groups', 'viewer'],
  ['POST', '/api/v1/groups', 'operator', { body: { name: 'Staff' } }],
  ['DELETE', '/api/v1/groups/:name', 'operator', { url: '/api/v1/groups/Staff' }],
  ['GET', '/api/v1/macs', 'viewer'],
  ['GET', '/api/v1/macs/unknown', 'viewer'],
  ['GET', '/api/v1/macs/:mac', 'viewer', { url: '/api/v1/macs/0a1b.2c3d.4e5f' }],
  ['POST', '/api/v1/macs', 'operator', { body: { mac: '0A-1B-2C-3D-4E-5F' } }],
  ['POST', '/api/v1/macs/import', 'operator', { body: { items: [{ mac: '0a1b2c3d4e5f' }] } }],
  ['PATCH', '/api/v1/macs/:mac', 'operator', { url: '/api/v1/macs/0a1b2c3d4e5f', body: { disabled: true } }],
  ['DELETE', '/api/v1/macs/:mac', 'operator', { url: '/api/v1/macs/0a1b2c3d4e5f' }],
  ['GET', '/api/v1/directories', 'viewer'],
  ['POST', '/api/v1/directories/:name/sync', 'operator', { url: '/api/v1/directories/ad/sync', body: {} }],
  ['GET', '/api/v1/directories/:name/users', 'viewer', { url: '/api/v1/directories/ad/users' }],
  ['GET', '/api/v1/directories/:name/groups', 'viewer', { url: '/api/v1/directories/ad/groups' }],
  ['GET', '/api/v1/directories/:name/browse', 'operator', { url: '/api/v1/directories/ad/browse' }],
  [
    'POST',
    '/api/v1/directories/browse',
    'admin',
    { body: { connection: { servers: ['ldaps://dc1.example.org'], bindDn: 'sallyport@example.org' } } },
  ],
  ['GET', '/api/v1/acme/keys', 'viewer'],
  ['POST', '/api/v1/acme/keys', 'operator', { body: { template: 'web-server' } }],
  ['DELETE', '/api/v1/acme/keys/:id', 'operator', { url: '/api/v1/acme/keys/k1' }],
  ['GET', '/api/v1/acme/accounts', 'viewer'],
  [
    'POST',
    '/api/v1/acme/accounts/:id/deactivate',
    'operator',
    { url: '/api/v1/acme/accounts/a1/deactivate', body: {} },
  ],
  ['GET', '/api/v1/ca', 'viewer'],
  ['GET', '/api/v1/ca/authorities', 'viewer'],
  ['POST', '/api/v1/ca/rollover', 'admin', { body: {} }],
  ['POST', '/api/v1/ca/request', 'admin', { body: {} }],
  ['POST', '/api/v1/ca/install', 'admin', { body: { certificates: 'PEM' } }],
  ['POST', '/api/v1/ca/import', 'admin', { body: { certificates: 'PEM', key: 'PEM' } }],
  ['POST', '/api/v1/ca/discard', 'admin', { body: { keyId: 'ab'.repeat(20) } }],
  ['POST', '/api/v1/ca/confirm', 'operator', { body: { holders: ['alice'] } }],
  ['POST', '/api/v1/ca/switch', 'admin', { body: { force: true } }],
  ['GET', '/api/v1/certificates', 'viewer'],
  ['POST', '/api/v1/certificates', 'operator', { body: { user: 'alice' } }],
  [
    'POST',
    '/api/v1/certificates/:serial/revoke',
    'operator',
    { url: '/api/v1/certificates/4a01/revoke', body: {} },
  ],
  ['POST', '/api/v1/certificates/:serial/hold', 'operator', { url: '/api/v1/certificates/4a01/hold' }],
  ['POST', '/api/v1/certificates/:serial/release', 'operator', { url: '/api/v1/certificates/4a01/release' }],
  ['POST', '/api/v1/certificates/pkcs12', 'operator', { body: { user: 'alice' } }],
  ['GET', '/api/v1/certificate-templates', 'viewer'],
  ['GET', '/api/v1/domain-policy', 'viewer'],
  ['GET', '/api/v1/certificate-requests', 'viewer'],
  ['GET', '/api/v1/certificate-requests/:id', 'viewer', { url: '/api/v1/certificate-requests/1' }],
  ['POST', '/api/v1/certificate-requests', 'operator', { body: { request: 'PEM' } }],
  [
    'POST',
    '/api/v1/certificate-requests/:id/approve',
    'admin',
    { url: '/api/v1/certificate-requests/1/approve', body: {} },
  ],
  [
    'POST',
    '/api/v1/certificate-requests/:id/deny',
    'admin',
    { url: '/api/v1/certificate-requests/1/deny', body: {} },
  ],
  ['GET', '/api/v1/challenges', 'viewer'],
  ['POST', '/api/v1/challenges', 'operator', { body: { template: 'laptops', user: 'alice' } }],
  ['DELETE', '/api/v1/challenges/:id', 'operator', { url: '/api/v1/challenges/1' }],
  ['GET', '/api/v1/client-errors/:code', 'viewer', { url: '/api/v1/client-errors/809' }],
  ['POST', '/api/v1/profile-lint', 'viewer', { body: { content: 'PHg+' } }],
  ['GET', '/api/v1/connections/:name/lint', 'viewer', { url: '/api/v1/connections/Example%20VPN/lint' }],
  ['GET', '/api/v1/connections', 'viewer'],
  [
    'POST',
    '/api/v1/connections/:name/files',
    'operator',
    { url: '/api/v1/connections/Example%20VPN/files', body: { output: 'windows-script' } },
  ],
  ['GET', '/api/v1/gateways', 'viewer'],
  ['GET', '/api/v1/gateways/:name/check', 'viewer', { url: '/api/v1/gateways/vpn-1/check' }],
  ['POST', '/api/v1/gateways/:name/files', 'admin', { url: '/api/v1/gateways/vpn-1/files', body: {} }],
  ['GET', '/api/v1/links', 'viewer'],
  ['POST', '/api/v1/links', 'operator', { body: { user: 'alice', connections: ['Example VPN'] } }],
  ['DELETE', '/api/v1/links/:id', 'operator', { url: '/api/v1/links/1' }],
  ['GET', '/api/v1/server-certificates', 'viewer'],
  ['GET', '/api/v1/trust', 'viewer'],
  ['POST', '/api/v1/trust/:name/refresh', 'operator', { url: '/api/v1/trust/partner/refresh' }],
  ['GET', '/api/v1/clients', 'viewer'],
  ['GET', '/api/v1/clients/unknown', 'viewer'],
  ['GET', '/api/v1/drops', 'viewer'],
  ['POST', '/api/v1/support-bundle', 'admin', { body: {} }],
  ['POST', '/api/v1/captures', 'operator', { body: { client: 'vpn-1' } }],
  ['GET', '/api/v1/clients/rotations', 'viewer'],
  ['POST', '/api/v1/clients/:name/rotation', 'admin', { url: '/api/v1/clients/vpn-1/rotation', body: {} }],
  [
    'POST',
    '/api/v1/clients/:name/rotation/finish',
    'admin',
    { url: '/api/v1/clients/vpn-1/rotation/finish', body: {} },
  ],
  ['DELETE', '/api/v1/clients/:name/rotation', 'admin', { url: '/api/v1/clients/vpn-1/rotation' }],
  ['GET', '/api/v1/clients/message-authenticator', 'viewer'],
  ['POST', '/api/v1/clients/message-authenticator/enforce', 'admin', { body: { ready: true } }],
  ['POST', '/api/v1/clients/adopt', 'admin', { body: { address: '192.0.2.9', name: 'new' } }],
  ['POST', '/api/v1/clients/verify', 'operator', { body: { address: 'vpn.example.org' } }],
  ['GET', '/api/v1/sessions', 'viewer'],
  [
    'POST',
    '/api/v1/sessions/:id/actions',
    'operator',
    { url: '/api/v1/sessions/5e55/actions', body: { action: 'disconnect' } },
  ],
  ['POST', '/api/v1/sessions/:id/close', 'operator', { url: '/api/v1/sessions/5e55/close', body: {} }],
  ['GET', '/api/v1/session-actions', 'viewer'],
  ['GET', '/api/v1/grants', 'viewer'],
  ['POST', '/api/v1/grants/recheck', 'operator', { body: { user: 'alice' } }],
  ['GET', '/api/v1/shield', 'viewer'],
  ['POST', '/api/v1/shield/release', 'operator', { body: { user: 'alice' } }],
  ['GET', '/api/v1/sources', 'viewer'],
  ['POST', '/api/v1/sources/:name/refresh', 'operator', { url: '/api/v1/sources/ad/refresh', body: {} }],
  ['POST', '/api/v1/sources/:name/test', 'operator', { url: '/api/v1/sources/ad/test', body: {} }],
  ['GET', '/api/v1/upstreams', 'viewer'],
  ['GET', '/api/v1/receipts', 'viewer'],
  ['GET', '/api/v1/logins-under-way', 'viewer'],
  ['GET', '/api/v1/receipts/:id', 'viewer', { url: '/api/v1/receipts/r1' }],
  ['GET', '/api/v1/receipts/:id/explanation', 'viewer', { url: '/api/v1/receipts/r1/explanation' }],
  ['GET', '/api/v1/log-levels', 'viewer'],
  [
    'PUT',
    '/api/v1/log-levels/:component',
    'operator',
    { url: '/api/v1/log-levels/radius', body: { level: 'debug' } },
  ],
  // Last: it ends the logins the rows above use.
  ['POST', '/api/v1/logout', 'viewer'],
]

/** What a refusal by role looks like; whatever else a handler answers, it is not this. */
const REFUSALS = [401, 403]

describe('role matrix', () => {
  let under: ApiUnderTest
  before(async () => {
    under = await openApiUnderTest()
  })
  after(() => under.close())

  it('lists every route', () => {
    const listed = MATRIX.map(([method, route]) => `${method} ${route}`).sort()
    // HEAD comes by itself with every GET, and with its role.
    const registered = [...under.api.routeRoles.keys()].filter((route) => !route.startsWith('HEAD '))
    assert.deepEqual(registered.sort(), listed)
  })

  for (const [method, route, least, request] of MATRIX) {
    const call = async (token: string | undefined): Promise<{ status: number; code: string | undefined }> => {
      const reply = await under.api.inject({
        method,
        url: request?.url ?? route,
        ...(request?.body === undefined ? {} : { payload: request.body }),
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      })
      const body = reply.headers['content-type']?.toString().includes('json') ? reply.json() : {}
      return { status: reply.statusCode, code: body?.error?.code }
    }

    it(`${method} ${route} needs ${least}`, async () => {
      if (least === 'public') {
        const { status, code } = await call(undefined)
        assert.ok(!REFUSALS.includes(status) || code === 'login-refused', `${status} ${code}`)
        return
      }
      assert.deepEqual(await call(undefined), { status: 401, code: 'not-authenticated' }, 'no token')
      for (const role of ROLES) {
        const { status, code } = await call(under.tokens[role])
        if (ROLES.indexOf(role) < ROLES.indexOf(least)) {
          assert.deepEqual({ status, code }, { status: 403, code: 'not-permitted' }, role)
        } else if (route !== '/api/v1/me/password') {
          assert.ok(status < 300 || status === 404, `${role}: ${status} ${code}`)
        }
      }
    })
  }
})

describe('role matrix with expired tokens', () => {
  it('refuses every route that is not public', async () => {
    const under = await openApiUnderTest()
    try {
      under.clock.advance(13 * 3_600_000)
      for (const [method, route, least, request] of MATRIX) {
        if (least === 'public') continue
        const reply = await under.api.inject({
          method,
          url: request?.url ?? route,
          ...(request?.body === undefined ? {} : { payload: request.body }),
          headers: { authorization: `Bearer ${under.tokens.admin}` },
        })
        assert.equal(reply.statusCode, 401, `${method} ${route}`)
      }
    } finally {
      await under.close()
    }
  })
})
