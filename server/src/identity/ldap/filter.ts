/** How filters and distinguished names are written here: values can never be mistaken for syntax. */
export { filter, octetsInFilter, textInDn, textInFilter } from '@sallyport/ldap'
