export type * from './failure.ts'
export type * from './method.ts'
export type * from './result.ts'
export type * from './verifier.ts'
