import { createPrivateKey } from 'node:crypto'
import { createPkcs12, derOrPem, parseCertificate } from '@sallyport/pki'
import type { ProfileCertificate } from '../../profile-input.ts'

/** Made by openssl once: CN=alice, UPN alice@example.org; self-signed, for the form alone. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnzCCAUWgAwIBAgIUWK/616zJ9Hq6krD/PcfYEmci5tYwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFYWxpY2UwIBcNMjYxMTIyMTA0MTE5WhgPMjA1MTA3MTQxMDQx
MTlaMBAxDjAMBgNVBAMMBWFsaWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
gcy/4HPXIgtFfMTeOvFbtD0wHKjILh2N9RREKr3ubdk35PVF4pB9LV3DqVP6Ukrp
mAqdhhC7Jx3qEN0Lv2K29KN7MHkwHQYDVR0OBBYEFC8seC25MDFaTiCuH1xn0pA8
fDLeMB8GA1UdIwQYMBaAFC8seC25MDFaTiCuH1xn0pA8fDLeMCwGA1UdEQQlMCOg
IQYKKwYBBAGCNxQCA6ATDBFhbGljZUBleGFtcGxlLm9yZzAJBgNVHRMEAjAAMAoG
CCqGSM49BAMCA0gAMEUCIQCrBWwyR4fCTiryjIJCi+5DRigI92xjtnnO/lZmJ1hb
agIgNtMPMF8l9Hl0zs+WOUicmaOfXHTH6iwqQlw8ZGlQsyc=
-----END CERTIFICATE-----
`
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkQX2SFehWH6BcLUd
j6dNZ4sjUWyaFG/73DJo1MGNqTShRANCAASBzL/gc9ciC0V8xN468Vu0PTAcqMgu
HY31FEQqve5t2Tfk9UXikH0tXcOpU/pSSumYCp2GELsnHeoQ3Qu/Yrb0
-----END PRIVATE KEY-----
`

/** The person's container, as profiles bring it along. */
export function ownContainer(password = 'p"w\\1'): ProfileCertificate & { kind: 'pkcs12' } {
  const certificate = parseCertificate(derOrPem('CERTIFICATE', CERTIFICATE))
  const contents = { privateKey: createPrivateKey(KEY), certificate, chain: [] }
  const container = createPkcs12(contents, password)
  return { kind: 'pkcs12', form: 'modern', container, password, certificate }
}
