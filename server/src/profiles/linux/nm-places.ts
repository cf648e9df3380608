/** Where keyfiles look for certificates and keys; NetworkManager reads them as root. */
const FOLDER = '/etc/NetworkManager/certificates'

/** Files that keyfiles of a connection name. */
export interface NmPlaces {
  /** Roots of the RADIUS server, one after the other. */
  readonly radiusCas: string
  /** Root of the gateway: the plugins take one. */
  readonly gatewayCa: string
  readonly certificate: string
  readonly key: string
  readonly container: string
}

export function nmPlaces(name: string): NmPlaces {
  return {
    radiusCas: `${FOLDER}/${name}-radius-ca.pem`,
    gatewayCa: `${FOLDER}/${name}-gateway-ca.pem`,
    certificate: `${FOLDER}/${name}.pem`,
    key: `${FOLDER}/${name}.key`,
    container: `${FOLDER}/${name}.p12`,
  }
}
