import { derOrPem, parseCertificate } from '@sallyport/pki'
import {
  connectionSchema,
  type VpnConnection,
  type WifiConnection,
  type WiredConnection,
} from '../../config/sections/connections.ts'
import { organizationSchema } from '../../config/sections/organization.ts'
import type { ProfileInput } from '../profile-input.ts'

/** Made by openssl once; its SHA-1 thumbprint is 4daad091307d2e28aef84cd67e16071517cfd00b. */
export const EXAMPLE_ROOT_PEM = `-----BEGIN CERTIFICATE-----
MIIB6jCCAZGgAwIBAgIUXlR3I/isMp3Y7JBhlJea7GTida4wCgYIKoZIzj0EAwIw
QjEbMBkGA1UECgwSRXhhbXBsZSBVbml2ZXJzaXR5MSMwIQYDVQQDDBpFeGFtcGxl
IFVuaXZlcnNpdHkgUm9vdCBDQTAgFw0yNjExMjIxMDIyMDdaGA8yMDUxMDcxNDEw
MjIwN1owQjEbMBkGA1UECgwSRXhhbXBsZSBVbml2ZXJzaXR5MSMwIQYDVQQDDBpF
eGFtcGxlIFVuaXZlcnNpdHkgUm9vdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABKdq3mXl8mFj9rMomt9e4g/xT1DH8JpPV9BF7N/Jhks7LuTW/vBqcM9IIrH6
h1I1ZGmnwH9qqRMjqXa3446TJgejYzBhMB0GA1UdDgQWBBTMcUIOfrV8z8cQyH8+
f7K+bqMCezAfBgNVHSMEGDAWgBTMcUIOfrV8z8cQyH8+f7K+bqMCezAPBgNVHRMB
Af8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNHADBEAiAP+TJp
sKCmBIz6H0KJ3FQG0EyOakPqRS4IeTlTCMy9xgIgLWfVp7t2cyq/+n+6/UECdlrg
ekWFFBgcCngW6gQUQ34=
-----END CERTIFICATE-----
`
/** Below it; its SHA-1 thumbprint is 2ca942e07b495d7d2c70841d5d1fba01692a5d6a. */
export const EXAMPLE_ISSUING_PEM = `-----BEGIN CERTIFICATE-----
MIIB7jCCAZWgAwIBAgIUecwAFxTLN5tSIx+efGozaSSPPaMwCgYIKoZIzj0EAwIw
QjEbMBkGA1UECgwSRXhhbXBsZSBVbml2ZXJzaXR5MSMwIQYDVQQDDBpFeGFtcGxl
IFVuaXZlcnNpdHkgUm9vdCBDQTAeFw0yNjExMjIxMDIyMDdaFw00ODEwMTcxMDIy
MDdaMEUxGzAZBgNVBAoMEkV4YW1wbGUgVW5pdmVyc2l0eTEmMCQGA1UEAwwdRXhh
bXBsZSBVbml2ZXJzaXR5IElzc3VpbmcgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAT5NIJL3w0XoDiSgHsKec1ehVLy/TFG2ngtWRBs4O6/MJutpbXt+33bkr0P
XarTTYyjtcj+jEm1LB+BzzVu9Z7eo2YwZDASBgNVHRMBAf8ECDAGAQH/AgEAMA4G
A1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUyhMsu3wNA9+n01cWqPYwJBfVk+gwHwYD
VR0jBBgwFoAUzHFCDn61fM/HEMh/Pn+yvm6jAnswCgYIKoZIzj0EAwIDRwAwRAIg
Ahs3m//R0T4Qdf1ExGqoSMyXcc8YJ0JbCvkjtm9Pk7UCIEm++f8XE4CVWJdmegii
cDNe0ZJyZ5zdXPMJIEqfYOfS
-----END CERTIFICATE-----
`
/** A root of its own; its SHA-1 thumbprint is 1d9390143d02f1f7a66bf1eb9f8f030622d61c17. */
export const EXAMPLE_RADIUS_ROOT_PEM = `-----BEGIN CERTIFICATE-----
MIIB+jCCAZ+gAwIBAgIUbCJwWalvk47/xfuvexNAEDKu8zIwCgYIKoZIzj0EAwIw
STEbMBkGA1UECgwSRXhhbXBsZSBVbml2ZXJzaXR5MSowKAYDVQQDDCFFeGFtcGxl
IFVuaXZlcnNpdHkgUkFESVVTIFJvb3QgQ0EwIBcNMjYxMTIyMTE0MDM0WhgPMjA1
MTA3MTQxMTQwMzRaMEkxGzAZBgNVBAoMEkV4YW1wbGUgVW5pdmVyc2l0eTEqMCgG
A1UEAwwhRXhhbXBsZSBVbml2ZXJzaXR5IFJBRElVUyBSb290IENBMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEUY51FY5JE2RGLY+cwXzomO/sr0WBKvYAAS9s3uvT
xodRIDOe/YfaA0RtPzF9XKFbjJdoH1Wo7rYaXBZYax/A66NjMGEwHQYDVR0OBBYE
FOYNoG9Og0r5hhcBo9FxxIiXTEtrMB8GA1UdIwQYMBaAFOYNoG9Og0r5hhcBo9Fx
xIiXTEtrMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49
BAMCA0kAMEYCIQCNcOmrfY8ygejT2IpjnzMzjcrDioh9a1OPMHgHwsiofwIhALzm
vUAO4eCByz1K+Ql+5FzBZBVhLOohNXas80PaddXq
-----END CERTIFICATE-----
`

const certificateOf = (pem: string) => parseCertificate(derOrPem('CERTIFICATE', pem))

/** What an administrator writes of a connection; every other setting has its default. */
type Written = Readonly<Record<string, unknown>>

const base = {
  organization: {
    ...organizationSchema.parse({
      name: 'Example University',
      helpDesk: {
        name: 'IT Service',
        phone: '+49 30 5550 100',
        email: 'help@example.org',
        url: 'https://help.example.org/vpn',
      },
    }),
    identifier: 'example.org',
  },
  radiusServer: { names: ['radius.example.org'], anchors: [certificateOf(EXAMPLE_ROOT_PEM)] },
  gatewayAnchors: [certificateOf(EXAMPLE_ROOT_PEM)],
  intermediates: [certificateOf(EXAMPLE_ISSUING_PEM)],
  language: 'en',
} as const

/** The RADIUS server below another root than the gateway: who takes one for the other is found out. */
export const OTHER_RADIUS_ROOT = {
  radiusServer: { names: ['radius.example.org'], anchors: [certificateOf(EXAMPLE_RADIUS_ROOT_PEM)] },
} as const satisfies Partial<ProfileInput>

export const EXAMPLE_PERSON = {
  userName: 'alice@example.org',
  upn: 'alice@example.org',
  displayName: 'Alice Example',
  email: 'alice.example@example.org',
} as const

/** A VPN by IKEv2 with EAP-TLS, for nobody in particular, with whatever differs. */
export function exampleVpn(
  written: Written = {},
  others: Partial<ProfileInput> = {},
): ProfileInput<VpnConnection> {
  const connection = connectionSchema.parse({
    ...{ name: 'Example VPN', kind: 'vpn', gateways: [{ address: 'vpn.example.org' }] },
    ...written,
  }) as VpnConnection // secrets of tests are written in the clear
  return { ...base, ...others, connection }
}

/** Wi-Fi by EAP-TLS. */
export function exampleWifi(
  written: Written = {},
  others: Partial<ProfileInput> = {},
): ProfileInput<WifiConnection> {
  const connection = connectionSchema.parse({
    ...{ name: 'Example Wi-Fi', kind: 'wifi', ssid: 'example' },
    ...written,
  }) as WifiConnection // kind is wifi
  return { ...base, ...others, connection }
}

/** Ethernet with 802.1X by EAP-TLS. */
export function exampleWired(
  written: Written = {},
  others: Partial<ProfileInput> = {},
): ProfileInput<WiredConnection> {
  const connection = connectionSchema.parse({
    ...{ name: 'Example LAN', kind: 'wired' },
    ...written,
  }) as WiredConnection // kind is wired
  return { ...base, ...others, connection }
}
