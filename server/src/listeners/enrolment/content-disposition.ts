/** A header line that saves a file under its name (RFC 6266), whatever stands in the name (RFC 8187). */
export function contentDisposition(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')
  if (plain === name) return `${kind}; filename="${plain}"`
  const octets = [...Buffer.from(name.toWellFormed().replace(/[\p{Cc}/\\]/gu, '_'))]
  const encoded = octets.map((octet) => {
    const letter = String.fromCharCode(octet)
    return /[A-Za-z0-9._-]/.test(letter) ? letter : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded.join('')}`
}
