import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import Fastify from 'fastify'
import { csrfTokenOf } from '../../admins/admin-accounts.ts'
import { ConfigError, UpstreamError } from '../../kernel/errors.ts'
import { installGuard, SESSION_COOKIE } from './guard.ts'
import { openApiDocument } from './openapi-document.ts'
import { type ApiUnderTest, openApiUnderTest, PASSWORD } from './testing.ts'

let under: ApiUnderTest
before(async () => {
  under = await openApiUnderTest()
})
after(() => under.close())

const json = { 'content-type': 'application/json' }
const as = (role: 'viewer' | 'operator' | 'admin') => ({ authorization: `Bearer ${under.tokens[role]}` })

describe('guard', () => {
  it('fail/a route without a role is not registered', () => {
    const app = Fastify()
    installGuard(app, { authenticate: async () => undefined })
    assert.throws(() => app.get('/open', () => 'x'), { code: 'route-without-role' })
  })

  it('fail/a revoked login', async () => {
    const outcome = await under.accounts.login('vera', PASSWORD, '192.0.2.9')
    assert.equal(outcome.kind, 'logged-in')
    const headers = { authorization: `Bearer ${outcome.kind === 'logged-in' ? outcome.token : ''}` }
    assert.equal((await under.api.inject({ method: 'POST', url: '/api/v1/logout', headers })).statusCode, 204)
    assert.equal((await under.api.inject({ url: '/api/v1/me', headers })).statusCode, 401)
  })

  it('fail/a token with one character changed', async () => {
    const token = under.tokens.admin
    const last = token.endsWith('A') ? 'B' : 'A'
    const headers = { authorization: `Bearer ${token.slice(0, -1)}${last}` }
    assert.equal((await under.api.inject({ url: '/api/v1/me', headers })).statusCode, 401)
  })

  it('ok/refuses before it reads the body', async () => {
    const reply = await under.api.inject({
      method: 'POST',
      url: '/api/v1/users',
      headers: json,
      payload: '{not json',
    })
    assert.equal(reply.statusCode, 401)
  })
})

describe('login by cookie', () => {
  const logIn = async () => {
    const reply = await under.api.inject({
      method: 'POST',
      url: '/api/v1/login',
      payload: { name: 'Ada', password: PASSWORD, cookie: true },
    })
    const cookie = reply.headers['set-cookie']?.toString() ?? ''
    return { reply, cookie, pair: cookie.split(';', 1)[0] ?? '' }
  }

  it('ok/the cookie is out of reach of scripts and other sites, and the token is not in the body', async () => {
    const { reply, cookie, pair } = await logIn()
    assert.equal(reply.statusCode, 200)
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/'])
      assert.ok(cookie.includes(attribute))
    assert.ok(!reply.body.includes(pair.slice(SESSION_COOKIE.length + 1)))
  })

  it('fail/a change by cookie without the CSRF header', async () => {
    const { pair } = await logIn()
    const call = { method: 'POST', url: '/api/v1/users/alice/unlock' } as const
    const without = await under.api.inject({ ...call, headers: { cookie: pair } })
    assert.equal(without.statusCode, 403)
    assert.equal(without.json().error.code, 'csrf-token-missing')
    const wrong = await under.api.inject({
      ...call,
      headers: { cookie: pair, 'x-csrf-token': csrfTokenOf('x') },
    })
    assert.equal(wrong.statusCode, 403)
  })

  it('ok/with the header; reading needs none', async () => {
    const { reply, pair } = await logIn()
    const headers = { cookie: pair, 'x-csrf-token': reply.json().csrfToken }
    const change = await under.api.inject({ method: 'POST', url: '/api/v1/users/alice/unlock', headers })
    assert.equal(change.statusCode, 204)
    const me = await under.api.inject({ url: '/api/v1/me', headers: { cookie: pair } })
    assert.equal(me.json().csrfToken, headers['x-csrf-token'])
  })
})

describe('bad input', () => {
  const post = (url: string, payload: string | object, headers = {}) =>
    under.api.inject({ method: 'POST', url, payload, headers: { ...json, ...as('admin'), ...headers } })

  it('fail/names the field', async () => {
    const reply = await post('/api/v1/users', { name: '', password: 7 })
    assert.equal(reply.statusCode, 400)
    const { error } = reply.json()
    assert.equal(error.code, 'request-invalid')
    assert.deepEqual(
      error.problems.map((problem: { path: string }) => problem.path),
      ['body/name', 'body/password'],
    )
    assert.match(error.requestId, /^[0-9a-f-]{36}$/)
  })

  it('fail/an address that cannot be read: in the form of other refusals, and as guarded', async () => {
    const reply = await under.api.inject({ url: '/api/v1/users/%ff', headers: as('admin') })
    const { error } = reply.json()
    assert.deepEqual([reply.statusCode, error.code], [400, 'request-invalid'])
    assert.equal(reply.headers['x-request-id'], error.requestId)
    for (const name of ['content-security-policy', 'x-content-type-options', 'x-frame-options'])
      assert.ok(reply.headers[name] !== undefined, name)
    assert.ok(!reply.body.includes('%ff'))
  })

  it('fail/an instant that is none', async () => {
    const revoke = (invalidityDate: string) => post('/api/v1/certificates/4a01/revoke', { invalidityDate })
    const { error } = (await revoke('2026-13-01')).json()
    assert.deepEqual(
      error.problems.map((problem: { path: string }) => problem.path),
      ['body/invalidityDate'],
    )
    assert.notEqual((await revoke('2026-01-05')).statusCode, 400)
  })

  it('fail/an unknown key', async () => {
    assert.equal((await post('/api/v1/users', { name: 'bob', admin: true })).statusCode, 400)
  })

  for (const [what, body] of [
    ['__proto__', '{"name":"bob","__proto__":{"role":"admin"}}'],
    ['constructor.prototype', '{"name":"bob","constructor":{"prototype":{"role":"admin"}}}'],
    ['broken JSON', '{"name":'],
    ['an empty body', ''],
    ['a list', '[]'],
    ['null', 'null'],
  ] as const) {
    it(`fail/${what}`, async () => {
      const reply = await post('/api/v1/users', body)
      assert.equal(reply.statusCode, 400)
      assert.equal(reply.json().error.code, 'request-invalid')
      assert.equal(Object.getPrototypeOf({}).role, undefined)
    })
  }

  it('fail/an attribute named __proto__ does not get through', async () => {
    const reply = await post('/api/v1/users', '{"name":"bob","attributes":{"__proto__":"x"}}')
    assert.equal(reply.statusCode, 400)
  })

  it('fail/a body too large', async () => {
    const reply = await post('/api/v1/users', { name: 'b'.repeat(1024 * 1024 + 1) })
    assert.equal(reply.statusCode, 413)
    assert.equal(reply.json().error.code, 'body-too-large')
  })

  it('fail/another media type', async () => {
    const reply = await post('/api/v1/users', 'name=bob', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    assert.equal(reply.statusCode, 415)
  })

  it('fail/limits of a list are kept', async () => {
    const reply = await under.api.inject({ url: '/api/v1/users?limit=1000000', headers: as('viewer') })
    assert.equal(reply.statusCode, 400)
  })
})

describe('answers', () => {
  it('ok/a field that is not in the schema stays inside', async () => {
    const reply = await under.api.inject({ url: '/api/v1/users', headers: as('admin') })
    assert.equal(reply.statusCode, 200)
    assert.ok(!reply.body.includes('sealed'))
  })

  it('ok/security headers on every answer, also on refusals', async () => {
    for (const url of ['/healthz', '/nothing', '/api/v1/me']) {
      const { headers } = await under.api.inject({ url })
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.equal(headers['cache-control'], 'no-store', url)
      assert.equal(headers['x-frame-options'], 'DENY', url)
    }
  })

  it('fail/the cause of a failure goes to the log under the request id, never into the body', async () => {
    const broken = await openApiUnderTest({
      sessions: {
        list: async () => {
          throw new Error('disk /var/lib/secret-path is on fire')
        },
        close: async () => {},
      },
      diagnostics: {
        drops: async () => [],
        unknownClients: async () => {
          throw new UpstreamError('store-unavailable', 'postgres://root:pw@db is down')
        },
      },
    })
    try {
      const headers = { authorization: `Bearer ${broken.tokens.admin}` }
      const failed = await broken.api.inject({ url: '/api/v1/sessions', headers })
      assert.equal(failed.statusCode, 500)
      assert.equal(failed.json().error.code, 'internal-error')
      assert.ok(!failed.body.includes('fire'))
      assert.ok(broken.logged.some((line) => line.includes(failed.json().error.requestId)))
      const down = await broken.api.inject({ url: '/api/v1/clients/unknown', headers })
      assert.equal(down.statusCode, 503)
      assert.ok(!down.body.includes('postgres'))
    } finally {
      await broken.close()
    }
  })

  it('fail/a refused configuration lists its problems', async () => {
    const problems = [
      {
        path: 'clients/vpn-1/adress',
        line: 3,
        severity: 'error' as const,
        code: 'unknown-key',
        message: 'unknown',
      },
    ]
    const refusing = await openApiUnderTest({
      configuration: {
        export: async () => undefined,
        versions: async () => ({ items: [] }),
        plan: async () => ({ baseVersion: 1, changes: [], problems }),
        apply: async () => {
          throw new ConfigError('configuration-invalid', 'The document has 1 error.', { problems })
        },
        rollback: async () => ({ version: 1, leftAlone: [] }),
      },
    })
    try {
      const reply = await refusing.api.inject({
        method: 'POST',
        url: '/api/v1/configuration/apply',
        payload: { document: 'clients: []' },
        headers: { authorization: `Bearer ${refusing.tokens.admin}` },
      })
      assert.equal(reply.statusCode, 422)
      assert.deepEqual(reply.json().error.problems, problems)
    } finally {
      await refusing.close()
    }
  })
})

describe('audit', () => {
  it('ok/a change leaves a row with who, what and whether; reading, a dry run and strangers leave none', async () => {
    under.audit.length = 0
    await under.api.inject({ url: '/api/v1/users', headers: as('admin') })
    await under.api.inject({
      method: 'POST',
      url: '/api/v1/configuration/plan',
      payload: { document: '{}' },
      headers: as('admin'),
    })
    await under.api.inject({ method: 'POST', url: '/api/v1/users/alice/unlock', headers: as('operator') })
    await under.api.inject({ method: 'POST', url: '/api/v1/users/alice/unlock', headers: as('viewer') })
    await under.api.inject({ method: 'POST', url: '/api/v1/users/alice/unlock' })
    const login = { method: 'POST', url: '/api/v1/login' } as const
    await under.api.inject({ ...login, payload: { name: 'otto', password: 'wrong' } })
    await under.api.inject({ ...login, payload: { name: 'otto', password: PASSWORD } })
    assert.deepEqual(
      under.audit.map(({ actor, action, target, outcome }) => [actor, action, target, outcome]),
      [
        ['otto', 'POST /api/v1/users/:name/unlock', '/api/v1/users/alice/unlock', 'done'],
        ['vera', 'POST /api/v1/users/:name/unlock', '/api/v1/users/alice/unlock', 'refused'],
        ['otto', 'POST /api/v1/login', '/api/v1/login', 'done'],
      ],
    )
  })
})

describe('login from one address', () => {
  it('fail/more than 30 a minute, whatever the names', async () => {
    const fresh = await openApiUnderTest()
    try {
      const statuses: number[] = []
      for (let i = 0; i < 31; i++) {
        const payload = { name: `guess${i}`, password: '' }
        statuses.push((await fresh.api.inject({ method: 'POST', url: '/api/v1/login', payload })).statusCode)
      }
      assert.deepEqual([...new Set(statuses.slice(0, 30))], [400])
      assert.equal(statuses[30], 429)
      fresh.clock.advance(60_000)
      const reply = await fresh.api.inject({
        method: 'POST',
        url: '/api/v1/login',
        payload: { name: 'ada', password: PASSWORD },
      })
      assert.equal(reply.statusCode, 200)
    } finally {
      await fresh.close()
    }
  })
})

describe('OpenAPI', () => {
  it('ok/docs/openapi.json is what the routes say now (npm run generate writes it)', async () => {
    const stored = readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')
    assert.deepEqual(JSON.parse(stored), JSON.parse(JSON.stringify(await openApiDocument())))
  })

  it('ok/is served to everybody', async () => {
    const reply = await under.api.inject({ url: '/api/openapi.json' })
    assert.equal(reply.json().openapi, '3.1.0')
  })
})
