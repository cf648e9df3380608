import type { WINDOWS } from '../windows.ts'
import type { CatalogueEntry } from './en.ts'

/** Enrolment of Windows computers and people. */
export const WINDOWS_EN: Readonly<Record<keyof typeof WINDOWS, CatalogueEntry>> = {
  'kerberos-refused': {
    title: 'Kerberos ticket refused',
    sentence: 'A Kerberos ticket was shown for a certificate and not taken: {why}.',
    nextStep:
      'Administrator: look at the clock of the computer, and at the name it asks at: the service principal HTTP/that-name must belong to the account of this host, and the keytab must have its present key (net ads keytab add HTTP). A client that only knows NTLM is outside the domain, or asks by an address instead of the name.',
  },
  'kerberos-unavailable': {
    title: 'Kerberos could not be asked',
    sentence: 'Nobody could look at a Kerberos ticket: {why}.',
    nextStep:
      'Administrator: run "ntlm_auth --helper-protocol=gss-spnego" by hand as the user of this server. Samba must be installed, the host a member of the domain (net ads testjoin), and the keytab readable to this user. Without root, a keytab of its own has to be configured.',
  },
}
