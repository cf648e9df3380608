import type { MailConfiguration } from '../config/schema.ts'

const TIMEOUT_MILLISECONDS = 10_000

export interface Mail {
  readonly subject: string
  readonly text: string
}

/** Hands one mail to the server. @throws where the server did not take it for every recipient */
export async function sendMail(
  { server, port, security, ca, user, password, from, to }: MailConfiguration,
  { subject, text }: Mail,
): Promise<void> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    ...{ host: server, port },
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    connectionTimeout: TIMEOUT_MILLISECONDS,
    greetingTimeout: TIMEOUT_MILLISECONDS,
    socketTimeout: TIMEOUT_MILLISECONDS,
    dnsTimeout: TIMEOUT_MILLISECONDS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const { rejected } = await transport.sendMail({ from, to: [...to], subject: printable(subject), text })
    if (rejected.length > 0)
      throw new Error(`The server refused ${rejected.length} of ${to.length} recipients.`)
  } finally {
    transport.close()
  }
}

/** Whatever a subject is made of, it stays one line. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
