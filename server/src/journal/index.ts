/**
 * Journal: what was decided and who changed what. `Journal` takes receipts on a worker, `ReceiptStore` keeps them,
 * `diagnose` explains one; `AuditStore` keeps the administrators' trail.
 */
export { type AuditEntry, AuditStore, type AuditVerdict } from './audit-store.ts'
export { type Diagnosis, diagnose, formatDiagnosis } from './diagnosis.ts'
export { Journal, type JournalOptions } from './journal.ts'
export type { EapSummary, FactOrigin, NetworkOrigin, ProxySummary, Receipt } from './receipt.ts'
export { ReceiptIds } from './receipt-id.ts'
export { receiptOf, searchKey, stationKey } from './receipt-row.ts'
export { type ReceiptPage, type ReceiptQuery, ReceiptStore, type Retention } from './receipt-store.ts'
export { jsonWithoutSecrets } from './without-secrets.ts'
