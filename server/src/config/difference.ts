/** What `apply` would do with one object of the document. */
export interface ObjectChange {
  readonly section: string
  readonly name: string
  readonly action: 'create' | 'change' | 'delete' | 'unchanged'
  /** For `change`: the fields that differ. For `delete`: what goes with the object and is named nowhere else. */
  readonly fields?: readonly FieldChange[]
}

export interface FieldChange {
  /** Inside the object: `lockout/threshold`, `attributes/0/value`. */
  readonly path: string
  /** JSON; absent = not set. A secret shows as `***`. */
  readonly before?: unknown
  readonly after?: unknown
}
