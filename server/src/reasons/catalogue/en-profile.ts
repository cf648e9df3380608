import type { PROFILE } from '../profile.ts'
import type { CatalogueEntry } from './en.ts'

/** Files of connections, and the links they come by. */
export const PROFILE_EN: Readonly<Record<keyof typeof PROFILE, CatalogueEntry>> = {
  'profile-needs-approval': {
    title: 'An administrator must approve the certificate',
    sentence: '{user} asked for a file with a certificate of template {template}, which asks for approval.',
    nextStep:
      'Administrator: make {user} a link (sallyport links create) or the file itself (sallyport connections make): that is the approval. Nothing was used up.',
  },
  'profile-link-unknown': {
    title: 'Link or code is not known',
    sentence:
      '{from} showed a link or code that is not known: mistyped, deleted, cut off by a mail program, or guessed.',
    nextStep:
      'Administrator: make a new one (sallyport links create). If one address shows up again and again, somebody is guessing; codes are slowed down for each address and for all together.',
  },
  'profile-link-used': {
    title: 'Link was used before',
    sentence: '{from} showed link {id} of {user}, which was used at {usedAt} from {usedFrom}.',
    nextStep:
      'Administrator: ask {user} whether that was them. If not, revoke the certificate it brought (sallyport certificates list) and make a new link (sallyport links create).',
  },
  'profile-link-expired': {
    title: 'Link is over',
    sentence: '{from} showed link {id} of {user}, which ended at {expiredAt}.',
    nextStep:
      'Administrator: make a new one (sallyport links create), with --minutes where an hour is too short.',
  },
  'profile-link-choice': {
    title: 'Link does not bring this connection',
    sentence: 'Link {id} of {user} was used for "{connection}", which it does not bring in this form.',
    nextStep:
      'Administrator: somebody changed the page. Make a link for this connection if {user} may have it.',
  },
  'profile-code-guessing': {
    title: 'Too many wrong codes',
    sentence: 'Too many wrong codes came, the last from {from}; the next is looked at in {seconds} seconds.',
    nextStep:
      'User: wait, and type the code again, or open the link. Administrator: look whether somebody is guessing.',
  },
  'profile-not-in-groups': {
    title: 'No connection to fetch',
    sentence: '{user} logged in to fetch a connection and is in no group of any.',
    nextStep:
      'Administrator: put {user} into a group of the connection (connections/NAME/groups), or make a link (sallyport links create).',
  },
}
