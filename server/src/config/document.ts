import * as z from 'zod'
import type { DataSection } from './data-section.ts'
import type { Problem } from './problem.ts'
import { type ConfigurationDocument, configurationSchema } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { YamlText } from './yaml-text.ts'

/** What a YAML text says. A section it does not name is absent, which is not the same as empty. */
export interface ConfigurationText {
  readonly configuration: Partial<ConfigurationDocument>
  /** The data sections, by name. */
  readonly data: Readonly<Record<string, readonly unknown[]>>
}

export type ParsedDocument =
  | { readonly ok: true; readonly document: ConfigurationText; readonly text: YamlText }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Reads a text: syntax, known keys, types, ranges. What hangs together is checked later, by the checks. */
export function parseConfiguration(text: string, sections: readonly DataSection[]): ParsedDocument {
  const yaml = new YamlText(text)
  if (yaml.problems.length > 0) return { ok: false, problems: yaml.problems }
  const schema = documentSchema(sections)
  // An empty text is an empty document.
  const parsed = schema.safeParse(yaml.value ?? {})
  if (!parsed.success) {
    const problems = schemaProblems(schema, yaml.value, parsed.error.issues)
    return { ok: false, problems: problems.map((problem) => withLine(problem, yaml)) }
  }
  const data: Record<string, readonly unknown[]> = {}
  const configuration: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(parsed.data)) {
    if (sections.some((section) => section.name === name)) data[name] = value as readonly unknown[]
    else configuration[name] = value
  }
  // Parsed by the very schemas ConfigurationDocument is inferred from; the loop only loses sight of it.
  return {
    ok: true,
    document: { configuration: configuration as Partial<ConfigurationDocument>, data },
    text: yaml,
  }
}

export function withLine(problem: Problem, text: YamlText): Problem {
  const line = problem.line ?? text.lineOf(problem.path)
  return line === undefined ? problem : { ...problem, line }
}

/** Every section optional; those of the data sections come from the features. */
export function documentSchema(sections: readonly DataSection[]): z.ZodObject {
  const { shape } = configurationSchema
  return z.strictObject({
    ...Object.fromEntries(
      Object.entries(shape).map(([name, section]) => [name, z.exactOptional(section.unwrap())]),
    ),
    ...Object.fromEntries(
      sections.map((section) => [section.name, z.exactOptional(z.array(section.schema))]),
    ),
  })
}
