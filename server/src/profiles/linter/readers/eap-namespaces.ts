const PROVISIONING = 'http://www.microsoft.com/provisioning/'

/** Namespaces of the EAP settings of Windows (schemas EAPHost and EAPMethods). */
export const EAP = {
  host: `${PROVISIONING}EapHostConfig`,
  common: `${PROVISIONING}EapCommon`,
  base: `${PROVISIONING}BaseEapConnectionPropertiesV1`,
  tls1: `${PROVISIONING}EapTlsConnectionPropertiesV1`,
  tls2: `${PROVISIONING}EapTlsConnectionPropertiesV2`,
  tls3: `${PROVISIONING}EapTlsConnectionPropertiesV3`,
  peap1: `${PROVISIONING}MsPeapConnectionPropertiesV1`,
  peap2: `${PROVISIONING}MsPeapConnectionPropertiesV2`,
  mschap: `${PROVISIONING}MsChapV2ConnectionPropertiesV1`,
  ttls: `${PROVISIONING}EapTtlsConnectionPropertiesV1`,
} as const
