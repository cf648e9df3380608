import type { LabCertificate } from '../../certificates.ts'
import { runToEnd } from '../../process.ts'
import { pkiEst } from '../../strongswan-pki.ts'
import { type EnrolmentHouse, PASSWORD } from './house.ts'
import type { Way } from './life.ts'
import { issued, opensslRequest } from './taken.ts'

const estStrongswan: Way = {
  name: 'EST by pki of strongSwan: a password, then the certificate',
  user: 'est-strongswan',
  enrol: async (house) =>
    issued(await strongswanEst(house, 'est-1', { userpass: `est-strongswan:${PASSWORD}` })),
  renew: async (house, old) => issued(await strongswanEst(house, 'est-2', { renew: old })),
}

function strongswanEst(
  house: EnrolmentHouse,
  name: string,
  proof: { userpass?: string; renew?: LabCertificate },
) {
  const server = { url: house.estUrl, root: house.root }
  return pkiEst({ server, folder: house.folder, name, dn: 'CN=est-strongswan', ...proof })
}

const estCurl: Way = {
  name: 'EST by curl and openssl: a password, then the certificate',
  user: 'est-curl',
  enrol: (house) => curlEst(house, 'curl-1', 'simpleenroll', ['-u', `est-curl:${PASSWORD}`]),
  renew: (house, { certificate, key }) =>
    curlEst(house, 'curl-2', 'simplereenroll', ['--cert', certificate, '--key', key]),
}

async function curlEst(
  house: EnrolmentHouse,
  name: string,
  operation: string,
  proof: readonly string[],
): Promise<LabCertificate> {
  const [key, certificate] = [house.path(`${name}.key`), house.path(`${name}.pem`)]
  await opensslRequest(key, house.path(`${name}.csr`), 'est-curl')
  const url = `${house.estUrl}/.well-known/est/${operation}`
  const script = `set -e
openssl req -in "$CSR" -outform DER | base64 -w0 > "$CSR.b64"
curl -sS --fail-with-body --cacert "$ROOT" "$@" -H "Content-Type: application/pkcs10" --data-binary "@$CSR.b64" -o "$CSR.p7" ${url}
base64 -d < "$CSR.p7" | openssl pkcs7 -inform DER -print_certs -out "$OUT"`
  const env = { ...process.env, CSR: house.path(`${name}.csr`), ROOT: house.root, OUT: certificate }
  const { code, output } = await runToEnd('bash', ['-o', 'pipefail', '-c', script, 'sh', ...proof], { env })
  if (code !== 0) throw new Error(output)
  return { key, certificate }
}

export const EST_WAYS: readonly Way[] = [estStrongswan, estCurl]
