import { WINDOWS } from './windows.ts'

export const LABELS = { WINDOWS } as const
