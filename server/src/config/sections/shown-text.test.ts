/** What settings that end in files of other programs do not take. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress, prefix, vpnSchema } from './connections/vpn.ts'
import { nameSchema } from './name.ts'
import { shownText, webUrl } from './shown-text.ts'

const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success

test('fail/half characters, line separators and what turns the reading direction, in names and in shown texts', () => {
  for (const text of [
    '\ud83d',
    'a\udc00',
    'a\u2028b',
    'a\u2029',
    'VPN\u202e3pm.exe',
    '\u2066a',
    'a\nb',
    'a\u0007',
  ]) {
    assert.equal(takes(nameSchema, text), false, JSON.stringify(text))
    assert.equal(takes(shownText(60), text), false, JSON.stringify(text))
  }
  for (const text of ['Büro "3"', 'ВПН', 'שלום', '😀', "o'brien"]) {
    assert.ok(takes(nameSchema, text), text)
    assert.ok(takes(shownText(60), text), text)
  }
})

test('fail/addresses of pages with a line break, a space or another scheme', () => {
  for (const url of [
    ...['https://example.org/\ny', 'https://example.org/a b', "javascript:alert('1')", 'file:///etc/passwd'],
    ...['https://example.org/\u202egnp', 'https://example.org/\ud83d', 'example.org'],
  ])
    assert.equal(takes(webUrl, url), false, JSON.stringify(url))
  assert.ok(takes(webUrl, 'https://hilfe.büro.example/vpn?a=b&c=d'))
})

test('fail/a zone in an address or a network of other machines, a port beyond the last', () => {
  for (const text of ['fe80::1%eth0', 'fe80::1%eth0/64', 'fe80::/64%eth0', '10.0.0.0/8/8', '10.0.0.0/33']) {
    assert.equal(takes(ipAddress, text), false, text)
    assert.equal(takes(prefix, text), false, text)
  }
  assert.ok(takes(ipAddress, '2001:db8::1') && takes(prefix, '2001:db8::/32') && takes(prefix, '10.9.8.7/8'))
  const filters = (remotePorts: string) => ({
    ...{ kind: 'vpn', name: 'a', gateways: [{ address: 'a.example' }] },
    deviceTunnel: { routes: ['10.0.0.0/8'], trafficFilters: [{ remotePorts }] },
  })
  for (const ports of ['80', '80,443-8443', '0-65535']) assert.ok(takes(vpnSchema, filters(ports)), ports)
  for (const ports of ['65536', '443-80', '80,', '', '1-2-3', '80;90'])
    assert.equal(takes(vpnSchema, filters(ports)), false, ports)
  const proxy = (server: string) => ({
    ...{ kind: 'vpn', name: 'a', gateways: [{ address: 'a.example' }], proxy: { server } },
  })
  assert.ok(takes(vpnSchema, proxy('proxy.example.org:3128')))
  assert.equal(takes(vpnSchema, proxy('proxy.example.org:65536')), false)
})
