import type { PROFILE } from '../profile.ts'
import type { CatalogueEntry } from './en.ts'

/** Files of connections, and the links they come by. */
export const PROFILE_EN: Readonly<Record<keyof typeof PROFILE, CatalogueEntry>> = {
  'profile-needs-approval': {
    title: 'An administrator must approve the certificate',
    sentence: '{user} asked for a file with a certificate of template {template}, which asks for approval.',
    nextStep:
      'Administrator: make the file for {user} (sallyport connections make): that is the approval. Nothing was used up.',
  },
}
