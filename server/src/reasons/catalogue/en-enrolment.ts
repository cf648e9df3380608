import type { ENROLMENT } from '../enrolment.ts'
import type { CatalogueEntry } from './en.ts'

/** What the registration authority refuses. */
export const ENROLMENT_EN: Readonly<Record<keyof typeof ENROLMENT, CatalogueEntry>> = {
  'enrolment-template-unknown': {
    title: 'No such certificate template',
    sentence: 'There is no certificate template "{template}".',
    nextStep:
      'Administrator: correct the name at the client, or add the template; `sallyport templates` lists them.',
  },
  'enrolment-template-unclear': {
    title: 'No certificate template named',
    sentence:
      '"{requester}" asks ({protocol}) without naming a template, and not exactly one fits[: {choices}].',
    nextStep:
      'Administrator: name the template at the client (`--template NAME` on the command line). Where none fits, look who may enrol: `sallyport templates show NAME`.',
  },
  'enrolment-template-conflict': {
    title: 'Request names several templates',
    sentence: 'The request names different templates: {templates}.',
    nextStep:
      'Administrator: name one and the same template in the profile of the client and in its request. A challenge or a renewal is bound to its template.',
  },
  'enrolment-not-permitted': {
    title: 'May not enrol',
    sentence:
      '"{requester}" may not enrol by template "{template}"[: members of {groups} may][; accounts of source {source} may not].',
    nextStep:
      'Administrator: add the account to a group of the template, or the group to `enrol.groups`. An empty list lets nobody enrol.',
  },
  'enrolment-protocol-not-allowed': {
    title: 'Template is not offered by this protocol',
    sentence: 'Template "{template}" is not enrolled by {protocol}; it is by {allowed}.',
    nextStep: 'Administrator: use another protocol, or add this one to `protocols` of the template.',
  },
  'enrolment-holder-unfit': {
    title: 'Template is for somebody else',
    sentence: 'Template "{template}" is for {wanted}; the request is for {found}.',
    nextStep: 'Administrator: enrol by a template whose base fits the account.',
  },
  'enrolment-request-malformed': {
    title: 'Certificate request cannot be read',
    sentence: 'The certificate request is no PKCS #10 in DER: {detail}.',
    nextStep: 'Administrator: make the request anew. `openssl req -verify -in FILE` shows what is in it.',
  },
  'enrolment-possession-unproved': {
    title: 'Certificate request has a wrong signature',
    sentence:
      'The certificate request is not signed by the key it names, or with an algorithm that is not taken.',
    nextStep: 'Administrator: make the request anew with its own private key, signed with SHA-256 or better.',
  },
  'enrolment-key-weak': {
    title: 'Key is weak',
    sentence: 'The key of the request is too weak: {detail}.',
    nextStep:
      'Administrator: let the device make a new key, P-256 or RSA of 3072 bits, with current software and firmware.',
  },
  'enrolment-key-not-allowed': {
    title: 'Kind of key not allowed',
    sentence: 'Template "{template}" takes no {found} key; it takes {allowed}.',
    nextStep: 'Administrator: change the key in the profile of the client, or `keys` of the template.',
  },
  'enrolment-key-taken': {
    title: 'Key was certified before',
    sentence: 'The key of the request was certified before, or is that of a CA.',
    nextStep:
      'Administrator: let the device make a new key. Renewals may keep theirs where the template sets `keys.reuse`.',
  },
  'enrolment-key-not-attested': {
    title: 'Key is not attested',
    sentence: 'Template "{template}" certifies only keys that the device attests, and this one is not.',
    nextStep: 'Administrator: enrol by ACME with device-attest-01, or by a template without attestation.',
  },
  'enrolment-asks-for-ca': {
    title: 'Request asks to be a CA',
    sentence: 'The request asks for a CA certificate.',
    nextStep:
      'Administrator: no template issues those. Find out who made the request; where it was by mistake, leave basicConstraints and keyCertSign out.',
  },
  'enrolment-asks-for-usage': {
    title: 'Request asks for a foreign usage',
    sentence:
      'The request asks for usages[ ({asked})] that template "{template}" does not have; it has {allowed}.',
    nextStep:
      'Administrator: leave the extended key usages out of the request, or enrol by a template that has them.',
  },
  'enrolment-asks-for-name': {
    title: 'Request asks for a foreign name',
    sentence: 'The request of "{requester}" asks for the name {name}, which is not its own.',
    nextStep:
      'Administrator: leave the subjectAltName out of the request: the server builds the names from the account. If nobody meant that name, find out who asked for it.',
  },
  'enrolment-asks-for-sid': {
    title: 'Request asks for a foreign security identifier',
    sentence: 'The request of "{requester}" asks for the security identifier {sid}, which is not its own.',
    nextStep: 'Administrator: find out who made the request: it would log in as another account.',
  },
  'enrolment-names-missing': {
    title: 'No name to certify',
    sentence: 'Template "{template}" needs one of {wanted}, and {holder} has none.',
    nextStep:
      'Administrator: add the attribute to the account, or change `names` or `subjectAltNames` of the template.',
  },
  'enrolment-name-not-allowed': {
    title: 'Name not allowed',
    sentence: 'Template "{template}" does not allow the name {name}.',
    nextStep: 'Administrator: correct the name, or add it to `allowedNames` of the template.',
  },
  'enrolment-too-many': {
    title: 'Too many certificates',
    sentence: '{holder} has {most} valid certificates or open requests of template "{template}" already.',
    nextStep:
      'Administrator: revoke those that are not used (`sallyport certificates list NAME`), or raise `perHolder` of the template.',
  },
  'enrolment-too-often': {
    title: 'Renewed too often',
    sentence: '{holder} has renewed certificates of template "{template}" {most time|times} within a day.',
    nextStep:
      'Administrator: find out why the client renews all the time: it may be unable to keep what it gets, or its clock may be wrong.',
  },
  'enrolment-validity-too-long': {
    title: 'Validity too long',
    sentence: 'Template "{template}" allows {most days|days}, asked were {days}.',
    nextStep: 'Caller: ask for less, or for no number of days at all.',
  },
  'enrolment-transaction-reused': {
    title: 'Transaction used for another key',
    sentence: 'The transaction of the request was used before for another key or template.',
    nextStep: 'Administrator: let the client begin a new transaction.',
  },
  'enrolment-transaction-spent': {
    title: 'Certificate of this request is no longer valid',
    sentence: 'This very request was answered before with certificate {serial}, which is no longer valid.',
    nextStep: 'Administrator: let the device make a new key and a new request.',
  },
  'enrolment-denied': {
    title: 'Request denied',
    sentence: 'Request {id} was denied by an administrator[: {note}].',
    nextStep: 'User: ask the administrators why, and request anew.',
  },
  'enrolment-renewal-unknown': {
    title: 'Certificate cannot be renewed',
    sentence:
      'Certificate {serial} of {subject} was not issued here by a template, or is not valid any more.',
    nextStep: 'Administrator: enrol anew instead of renewing.',
  },
  'enrolment-renewal-of-other': {
    title: 'Renewal of a foreign certificate',
    sentence: '"{requester}" asks to renew a certificate[ of {holder}] that is not its own.',
    nextStep: 'Administrator: find out who made the request. A certificate is renewed by its holder alone.',
  },
  'enrolment-request-unknown': {
    title: 'No such certificate request',
    sentence: 'There is no certificate request {id}.',
    nextStep: 'Caller: `sallyport certificates requests` lists them.',
  },
  'enrolment-request-decided': {
    title: 'Certificate request is decided',
    sentence: 'Certificate request {id} is {status} already.',
    nextStep: 'Caller: to take a certificate back, revoke it.',
  },
  'enrolment-under-way': {
    title: 'Certificate is being issued',
    sentence: 'The certificate of request {id} is being issued.',
    nextStep: 'Caller: ask again in a few seconds.',
  },
}
