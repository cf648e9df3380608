const EAP_FAILURE = 4

/** RFC 3748 section 4.2: the identifier is that of the last EAP-Response. */
export function eapFailure(answered: Uint8Array): Uint8Array {
  return Uint8Array.of(EAP_FAILURE, answered[1] ?? 0, 0, 4)
}
