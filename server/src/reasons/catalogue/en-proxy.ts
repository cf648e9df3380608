import type { PROXY } from '../proxy.ts'
import type { CatalogueEntry } from './en.ts'

/** What can happen to a request that another RADIUS server has to answer. */
export const PROXY_EN: Readonly<Record<keyof typeof PROXY, CatalogueEntry>> = {
  'upstream-silent': {
    title: 'Upstream silent',
    sentence:
      'No server of group "{group}" answered (asked: {tried})[; the network says: {detail}]. We stayed silent, so that the device asks again.',
    nextStep:
      'Administrator: look at `sallyport upstreams`. A server that is down, a wrong port, a firewall, a wrong shared secret and a server that does not know this address as its RADIUS client all look like this.',
  },
  'upstreams-dead': {
    title: 'All upstreams dead',
    sentence: 'Every server of group "{group}" is dead, so none was asked. We stayed silent.',
    nextStep:
      'Administrator: look at `sallyport upstreams` for since when, and check those servers and the way to them.',
  },
  'upstream-reply-invalid': {
    title: 'Bad reply of an upstream',
    sentence: 'Upstream "{upstream}" answered, but the answer cannot be trusted: {detail}. It was dropped.',
    nextStep:
      'Administrator: compare the shared secret with the one on that server, character by character. If Message-Authenticator is missing, update that server, or have it send one.',
  },
  'upstream-reply-unusable': {
    title: 'Contradictory reply of an upstream',
    sentence: 'Upstream "{upstream}" answered with something that must not reach the device: {detail}.',
    nextStep: 'Administrator: look at the log of that server; its answer contradicts itself.',
  },
  'upstream-rejected': {
    title: 'Rejected by the upstream',
    sentence:
      'Upstream "{upstream}" refused user "{user}" of realm "{realm}"[ and said: {message}]. Only that server knows why.',
    nextStep: 'Administrator: look for this login in the log of that server.',
  },
  'proxy-loop': {
    title: 'Proxy loop',
    sentence: 'A request of RADIUS client "{client}" goes round in circles: {detail}.',
    nextStep:
      'Administrator: two servers pass the same realm on to each other. Let one of them answer it, here or there.',
  },
  'request-not-forwardable': {
    title: 'Request cannot be passed on',
    sentence: 'A request for group "{group}" could not be passed on: {detail}.',
    nextStep:
      'Administrator: compare the shared secret of the RADIUS client; look at the attributes the realm adds.',
  },
  'realm-proxied': {
    title: 'Realm is served elsewhere',
    sentence:
      'User "{user}" belongs to realm "{realm}", which another server answers, but this login had begun here.',
    nextStep:
      'User: set the outer (anonymous) identity to the same realm as the user name. Administrator: a realm that must work inside a tunnel of this server needs a source of kind radius instead of proxy.',
  },
}
