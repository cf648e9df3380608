import type { Finding } from '../profile-output.ts'

/** No file is made. */
export function obstacle(code: string, message: string, setting?: string): Finding {
  return { severity: 'obstacle', code, message, ...(setting === undefined ? {} : { setting }) }
}

/** A file is made, and somebody should know. */
export function warning(code: string, message: string, setting?: string): Finding {
  return { severity: 'warning', code, message, ...(setting === undefined ? {} : { setting }) }
}

/** The file is made where a setting is lost, so say which. */
export function lost(setting: string, why: string): Finding {
  return warning('setting-not-carried', `${setting}: ${why}`, setting)
}
