import type { Command } from '../command.ts'
import { acme } from './acme.ts'
import { apply } from './apply.ts'
import { ca } from './ca.ts'
import { capture } from './capture.ts'
import { certificates } from './certificates.ts'
import { challenges } from './challenges.ts'
import { clients } from './clients.ts'
import { connections } from './connections.ts'
import { directories } from './directories.ts'
import { domain } from './domain.ts'
import { enrol } from './enrol.ts'
import { explain } from './explain.ts'
import { exportCommand } from './export.ts'
import { gateways } from './gateways.ts'
import { grants } from './grants.ts'
import { helpCommand } from './help.ts'
import { init } from './init.ts'
import { links } from './links.ts'
import { log } from './log.ts'
import { logLevel } from './log-level.ts'
import { macs } from './macs.ts'
import { policy } from './policy.ts'
import { reply } from './reply.ts'
import { rollback } from './rollback.ts'
import { serve } from './serve.ts'
import { sessions } from './sessions.ts'
import { shield } from './shield.ts'
import { sources } from './sources.ts'
import { supportBundle } from './support-bundle.ts'
import { templates } from './templates.ts'
import { test } from './test.ts'
import { trust } from './trust.ts'
import { upstreams } from './upstreams.ts'
import { users } from './users.ts'
import { version } from './version.ts'

/** In the order of the help text. */
export const COMMANDS: readonly Command[] = [
  serve,
  test,
  init,
  apply,
  exportCommand,
  rollback,
  users,
  macs,
  directories,
  ca,
  certificates,
  templates,
  acme,
  challenges,
  connections,
  gateways,
  links,
  enrol,
  domain,
  trust,
  clients,
  sources,
  upstreams,
  shield,
  sessions,
  grants,
  reply,
  policy,
  log,
  explain,
  capture,
  supportBundle,
  logLevel,
  version,
  helpCommand(() => COMMANDS),
]
