import type { DIRECTORY_SYNC } from '../directory-sync.ts'
import type { CatalogueEntry } from './en.ts'

/** What can go wrong while users and groups of a directory are read, and while it is watched for changes. */
export const DIRECTORY_SYNC_EN: Readonly<Record<keyof typeof DIRECTORY_SYNC, CatalogueEntry>> = {
  'directory-sync-broken-off': {
    title: 'Sync broken off',
    sentence:
      'The sync of users and groups broke off[ at {server}]: {detail}. Nothing was deleted; logins do not depend on it.',
    nextStep:
      'Administrator: it is tried again by itself. If it lasts, look at the server and the way to it; `sallyport directories sync NAME` tries at once.',
  },
  'directory-sync-refused': {
    title: 'Sync refused by the directory',
    sentence:
      '{server} refused to list users and groups: LDAP result {result}[, {detail}]. Nothing was deleted; logins do not depend on it.',
    nextStep:
      'Administrator: check that the service account may read users and groups below the base DN. Result 50 means it may not; 49, that its name or password is wrong.',
  },
  'directory-sync-base-missing': {
    title: 'Base DN does not exist',
    sentence: '{server} has no entry {base}, or hides it from the service account. Nothing was deleted.',
    nextStep:
      'Administrator: compare the base DN with `sallyport directories browse NAME`. A server also hides what the service account may not read.',
  },
  'directory-changes-unseen': {
    title: 'Changes in the directory are not seen',
    sentence:
      'What changes in directory "{source}" is not seen at once: {detail}. Logins do not depend on it; a change counts when what is kept of an account ends.',
    nextStep:
      'Administrator: it is tried again by itself. If it lasts, look at the server, the way to it and the rights of the service account. `sallyport sources` shows whether changes are seen; `sallyport sources refresh NAME` has everybody looked up anew.',
  },
  'directory-sync-size-limit': {
    title: 'Directory gives no more entries',
    sentence:
      '{server} stopped at its size limit before all users and groups were read. Nothing was deleted.',
    nextStep:
      'Administrator: raise the limit for the service account. OpenLDAP: limits dn.exact="SERVICE-DN" size.prtotal=unlimited.',
  },
  'directory-sync-many-deletions': {
    title: 'Sync would delete too much',
    sentence:
      '{server} no longer shows {deleted} of {known} {kind}. A base DN, a filter or a right may have changed by mistake, so nothing was deleted.',
    nextStep:
      'Administrator: look into the directory as the service account does (`sallyport directories browse NAME`). If they are really gone: `sallyport directories sync NAME --force`.',
  },
}
