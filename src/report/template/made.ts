import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import { SluiceError } from '../../util/error.ts';
import type { Report, ReportContext } from '../contract.ts';
import { readTemplate, type TemplateLimits, templateLimits, templateWords } from './engine.ts';
import { escapeFor } from './escapes.ts';
import { templateModel } from './model.ts';
import { templateProblem } from './problem.ts';

/** A template as the user gave it. */
export interface TemplateFile {
  /** As the user wrote it. */
  readonly name: string;
  readonly text: string;
}

/** The report that a template makes. @throws SluiceError `template/...` when it can't be read */
export function templateReport(
  { name, text }: TemplateFile,
  limits: TemplateLimits = templateLimits,
): Pick<Report, 'render'> {
  if (text.length > limits.template)
    throw new SluiceError('template/too-large', `${name} has more than ${limits.template} characters`);
  const read = guarded(name, limits, () => readTemplate(text, escapeFor(name), limits));
  return {
    render: (evidence: Evidence, verdict: Verdict, context: ReportContext) => {
      const given = templateModel(evidence, verdict, context);
      return guarded(name, limits, () => read.render(given), given);
    },
  };
}

/** @throws SluiceError `template/invalid` in place of what the library throws */
function guarded<T>(name: string, limits: TemplateLimits, work: () => T, given?: unknown): T {
  try {
    return work();
  } catch (thrown) {
    throw templateProblem(thrown, name, { ...templateWords(), values: [...namesIn(given, 0)] }, limits);
  }
}

/** Names of members, of lists those of their first entry: what somebody who mistyped one may have meant. */
function namesIn(value: unknown, depth: number): Set<string> {
  const names = new Set<string>();
  if (depth > 4 || typeof value !== 'object' || value === null) return names;
  for (const [name, member] of Array.isArray(value) ? Object.entries(value.slice(0, 1)) : Object.entries(value)) {
    if (!Array.isArray(value)) names.add(name);
    for (const deeper of namesIn(member, depth + 1)) names.add(deeper);
  }
  return names;
}
