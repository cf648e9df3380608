/** Namespaces of the messages, by the names their documents use. */
export const SOAP = 'http://www.w3.org/2003/05/soap-envelope'
export const ADDRESSING = 'http://www.w3.org/2005/08/addressing'
/** MS-XCEP section 2.2.1. */
export const XCEP = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy'
/** MS-WSTEP section 2.2.1. */
export const WSTEP = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment'
/** WS-Trust 1.3. */
export const TRUST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
export const AUTHORIZATION = 'http://schemas.xmlsoap.org/ws/2006/12/authorization'
/** WS-Security 1.0. */
export const SECEXT = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
