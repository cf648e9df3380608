import { RESULT } from '@sallyport/ldap'
import type { DirectoryType } from '../directory-type.ts'
import { unanswered } from '../refusals.ts'
import { GenericAccountLookup } from './generic-lookup.ts'

export const genericDirectory: DirectoryType = {
  lookup: (settings, search) => new GenericAccountLookup(settings, search),
  // Only Active Directory binds by other names.
  isBoundAs: async () => false,
  refusedBind(refusal, account) {
    switch (refusal.policy) {
      case 'expired':
        return { kind: 'password-expired' }
      case 'locked':
        return { kind: 'locked' }
      case 'must-change':
        return { kind: 'must-change-password' }
    }
    switch (refusal.code) {
      case RESULT.invalidCredentials:
        return { kind: 'wrong-password' }
      // bindMode simple: there is no such entry; some servers say so.
      case RESULT.noSuchObject:
        return account === undefined ? { kind: 'not-found' } : unanswered(refusal, 'the bind of the user')
      // 389 Directory Server: "Exceed password retry limit."
      case RESULT.constraintViolation:
        return { kind: 'locked' }
      // An entry without a password (OpenLDAP).
      case RESULT.inappropriateAuthentication:
        return { kind: 'no-password' }
      default:
        return unanswered(refusal, 'the bind of the user')
    }
  },
}
