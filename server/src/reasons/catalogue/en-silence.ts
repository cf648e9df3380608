import type { SilenceReason } from '../silence.ts'
import type { CatalogueEntry } from './en.ts'

/** Silence in the middle of a login: what was acknowledged says who fell silent, and how sure that is. */
export const SILENCE_EN: Readonly<Record<SilenceReason, CatalogueEntry>> = {
  'conversation-abandoned': {
    title: 'Login not finished',
    sentence:
      'The login[ of "{user}"] through RADIUS client "{client}" stopped half way[ in {method}]: the device did not answer any more[ for {seconds} s][; the last known: {step}].',
    nextStep:
      'Help desk: look at the device. Most often it waits for a person (password prompt) or was moved out of range. If all devices of the client are hit, its way to us is at fault.',
  },
  'answer-lost': {
    title: 'Our answers do not arrive',
    sentence:
      'RADIUS client "{client}" asked again {repeats time|times} for an answer we had sent[ ({octets} octets of EAP)], then gave up[ the login of "{user}"]. Our answers do not reach it, or reach it too late.',
    nextStep:
      'Network administrator: look at the way from this server to "{client}". A firewall that drops UDP fragments loses the large answers with our certificate first: have the client send a smaller Framed-MTU (1000), and take a capture (sallyport capture) on this side.',
  },
  'eap-fragment-lost': {
    title: 'Fragment of our certificate lost',
    sentence:
      'The device[ of "{user}"] behind RADIUS client "{client}" acknowledged {acknowledged} of {fragments} fragments of our certificate[ "{serverName}"]; the next one, of {octets} octets, was never acknowledged[ in {seconds} s]. A device acknowledges a fragment before it can read the certificate, so the fragment was lost on the way; trust is not the cause.',
    nextStep:
      'Network administrator: find what drops large frames between "{client}" and the device, or have the client send a smaller Framed-MTU[ than {framedMtu}].',
  },
  'server-certificate-unanswered': {
    title: 'Device fell silent at our certificate',
    sentence:
      'The device[ of "{user}"] behind RADIUS client "{client}" got our certificate[ "{serverName}"][ from CA {issuer}] ({octets} octets; it asked for every one of the {fragments} fragments) and fell silent[ for {seconds} s]. Lost fragments are unlikely: it does not trust the certificate, expects another server name, or waits for a person.',
    nextStep:
      'Help desk: look at the device. Install our CA certificate[ ({issuer})], set the server name[ "{serverName}"], and answer its question about the certificate.',
  },
  'no-answer-to-certificate': {
    title: 'No answer to our certificate (ambiguous)',
    sentence:
      'The device[ of "{user}"] behind RADIUS client "{client}" did not answer our certificate[ "{serverName}"], sent in one piece of {octets} octets[, for {seconds} s]. This is ambiguous: either it does not trust the certificate, or the piece was lost on the way.',
    nextStep:
      'Help desk: check that the device trusts our CA[ ({issuer})] and expects the server name[ "{serverName}"]. Network administrator: have "{client}" send a smaller Framed-MTU (500), so that the certificate goes in fragments; the next receipt then tells the two apart.',
  },
}
