/** The last part of ./Vendor/MSFT/VPNv2/NAME as the CSP and the WMI bridge know it: escaped as in a URL. */
export function cspName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
