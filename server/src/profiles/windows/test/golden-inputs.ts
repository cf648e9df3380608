import { derOrPem, parseCertificate } from '@sallyport/pki'
import type { ProfileCertificate } from '../../profile-input.ts'
import { EXAMPLE_ISSUING_PEM } from '../../testing/example-input.ts'

/** What a person brings along; any certificate does for it. */
export const OWN_CERTIFICATE: ProfileCertificate = {
  kind: 'pkcs12',
  form: 'modern',
  container: Buffer.from('a container'),
  password: "it's a password",
  certificate: parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ISSUING_PEM)),
}

/** IKEv2 with everything a split tunnel can have. */
export const SPLIT_TUNNEL = {
  alwaysOn: true,
  gateways: [{ address: 'vpn.example.org' }, { address: 'vpn2.example.org', title: 'Second' }],
  cryptography: {
    ike: { encryption: 'aes256gcm', integrity: 'sha384', dhGroup: 'ecp384' },
    esp: { encryption: 'aes256gcm', pfsGroup: 'ecp384' },
  },
  routing: 'split',
  routes: [
    { prefix: '10.0.0.0/8', metric: 10 },
    { prefix: '10.9.1.1/16', exclude: true },
  ],
  dns: {
    suffixes: ['example.org', 'corp.example.org'],
    rules: [
      { suffix: '.example.org', servers: ['10.0.0.53', '10.0.0.54'], autoTrigger: true, persistent: true },
      { suffix: 'www.example.org' },
    ],
    register: true,
  },
  trustedNetworks: ['example.org'],
  triggerApplications: ['C:\\Windows\\System32\\mstsc.exe'],
  proxy: { server: 'proxy.example.org:3128' },
  idleDisconnectMinutes: 30,
}

/** L2TP with everything else. */
export const FULL_TUNNEL = {
  tunnelTypes: ['l2tp', 'sstp'],
  authentication: 'mschapv2',
  l2tpMachineAuthentication: 'psk',
  preSharedKey: 'shared & secret key',
  encryption: 'maximum',
  routes: [{ prefix: '10.0.0.0/8' }, { prefix: '192.168.0.0/16', exclude: true }],
  rememberCredentials: false,
  proxy: {
    autoConfigurationUrl: 'https://proxy.example.org/proxy.pac',
    bypassLocal: false,
    exceptions: ['*.example.org'],
  },
}
