/**
 * Reasons: one table of codes with typed values (`reason.ts`), sentences and next steps per language (`catalogue/`),
 * rendered for people by `render.ts`. Codes are public and stable; sentences may change.
 */
export type { ReasonArea, ReasonDefinition } from './code-table.ts'
export {
  definitionOf,
  isReasonCode,
  REASON_CODES,
  REASONS,
  type Reason,
  type ReasonCode,
  type ReasonOf,
  type ReasonValues,
  reason,
} from './reason.ts'
export { type Language, localMinute, type Rendered, render, titleOf } from './render.ts'
