import type { EST } from '../est.ts'
import type { CatalogueEntry } from './en.ts'

/** Enrolment by password and by EST (RFC 7030). */
export const EST_EN: Readonly<Record<keyof typeof EST, CatalogueEntry>> = {
  'enrolment-guessing': {
    title: 'Too many wrong passwords from one address',
    sentence:
      'A certificate for "{user}" was asked for from {address}, which sent too many wrong passwords. The password was not looked at; the address may try again in {seconds} seconds.',
    nextStep:
      'User: check the password in the client that enrols, then wait. Administrator: if nobody there enrols, somebody guesses: look who has the address. Accounts are not locked by what was held back.',
  },
}
