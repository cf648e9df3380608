#!/usr/bin/env -S node --max-semi-space-size=4
// The one file in JavaScript: for the file it starts with, Node has no cache yet, and would load the whole compiler that
// strips types (some 20 MB) to read a few lines of TypeScript.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// TypeScript without its types, and compiled code, are kept from run to run: starts are faster, and no thread has to load
// the compiler. Where the folder cannot be written, nothing is kept. Threads find it through the environment.
const cache = join(import.meta.dirname, '../../../node_modules/.cache/sallyport')
process.env.NODE_COMPILE_CACHE ??= cache
enableCompileCache(process.env.NODE_COMPILE_CACHE)

// Imported after the cache is in use.
await import('./command-line.ts')
