/** Entry of a RADIUS worker thread. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { expose } from '../kernel/rpc.ts'
import type { RadiusThreadData } from './radius-services.ts'
import { RadiusWorker } from './radius-worker.ts'

const main = parentPort as MessagePort // this file is only ever started as a worker
expose(main, new RadiusWorker(workerData as RadiusThreadData))
