import { BatchCommit } from './batch-commit.ts'
import type { Database } from './database.ts'
import type { RowWrite } from './row-write.ts'
import { type RowWriter, rowWriter } from './row-writer.ts'

/** Group commit of rows that need nothing read first; each item is the rows of one work item. */
export class GroupCommit extends BatchCommit<readonly RowWrite[]> {
  constructor(database: Database, writer: RowWriter = rowWriter(database)) {
    super({
      write: (items) => writer.write(items.flat()),
      isRowFault: (error) => writer.isRowFault(error),
    })
  }
}
