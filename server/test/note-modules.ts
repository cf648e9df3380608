/** Preloaded by `--import`: every thread notes the modules it loads in a file of its own below `NOTED_MODULES`. */
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'

const { NOTED_MODULES: folder } = process.env
if (folder !== undefined) {
  registerHooks({
    load: (url, context, nextLoad) => {
      appendFileSync(join(folder, `thread-${threadId}`), `${url}\n`)
      return nextLoad(url, context)
    },
  })
}
