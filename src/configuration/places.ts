import type { Place } from '../model/placed-finding.ts';
import type { CompileOptions } from '../policy/expression/compile.ts';
import type { Scope } from '../policy/expression/contract.ts';
import { redactCommand } from '../util/redact.ts';
import { accountPlace } from './account-place.ts';
import type { Case, CaseSource } from './cases.ts';
import { causeNames } from './causes.ts';
import { type Cited, citedBy } from './cited.ts';
import type { ConfigurationRule } from './contract.ts';

/** Where what a rule has found is; the first is the place of the finding. */
export interface Places {
  readonly places: readonly [Place, ...Place[]];
  /** What stands for the place within the case, where that is not the whole of it: a setting's name. */
  readonly key?: string;
}

/** Tells where a case is. `scope`: that in which the rule has fired. */
export function placesOf(
  rule: ConfigurationRule,
  one: Case,
  scope: Scope,
  source: CaseSource,
  options: CompileOptions,
): Places {
  const around = {
    ...(one.layer === undefined ? {} : { layer: one.layer }),
    ...(one.from === undefined ? {} : { from: one.from }),
  };
  switch (rule.on) {
    case 'image':
      return { places: [imagePlace(rule, one, source)] };
    case 'instruction':
      if (one.path !== undefined && one.line !== undefined)
        return { places: [{ in: 'dockerfile', path: one.path, line: one.line }] };
      return { places: [{ in: 'history', step: one.step ?? 0, ...around }] };
    case 'dockerfile':
      return cited({ in: 'dockerfile', path: one.path ?? '' }, citedBy(rule.when, scope, options));
    case 'document':
      return cited({ in: 'file', path: one.path ?? '', ...around }, citedBy(rule.when, scope, options));
    case 'account':
      return { places: [accountPlace(rule, one.found, source.inputs.documents)] };
    case 'package':
      return { places: [{ in: 'package', ...around }] };
    default:
      return { places: [{ in: 'file', path: one.path ?? '', ...around }] };
  }
}

function cited(whole: Place, found: readonly Cited[]): Places {
  const [first, ...more] = found.map(({ line, path, name }): Place => {
    // What was included is not of this layer, as far as is known.
    const other = path !== undefined && path !== whole.path;
    const at: Place = other ? { in: whole.in, path } : whole;
    return {
      ...at,
      // Of an instruction, the line says it all.
      ...(name === undefined || whole.in === 'dockerfile' || !isShown(name) ? {} : { name }),
      ...(line > 0 ? { line } : {}),
    };
  });
  return first ? { places: [first, ...more], key: found[0]?.key ?? '' } : { places: [whole] };
}

/** Longest name of a setting that is shown, in characters. */
const longestName = 100;

/** Whether a name is one: in a file that is none of settings it may be a whole line, and a secret. */
function isShown(name: string): boolean {
  return name.length <= longestName && redactCommand(name) === name;
}

/** The part of the configuration that a Dockerfile's instruction sets, and the line of the history that set it last. */
function imagePlace(rule: ConfigurationRule, { each }: Case, { inputs }: CaseSource): Place {
  const name = rule.cause === undefined ? undefined : causeNames[rule.cause];
  const history = inputs.evidence.image?.history ?? [];
  const step =
    rule.cause === undefined
      ? -1
      : history.findLastIndex(
          (line) => line.name === rule.cause && names(line.text, each ?? setBy(rule.cause, inputs)),
        );
  const by = history[step];
  const { dockerfile } = inputs;
  if (dockerfile) {
    const line = by?.line ?? lastStage(history);
    return { in: 'dockerfile', path: dockerfile.path, ...(line === undefined ? {} : { line }) };
  }
  const set = by ? { step, from: by.from, ...(by.layer === undefined ? {} : { layer: by.layer }) } : {};
  if (each !== undefined && rule.each === 'env') return { in: 'environment', name: each, ...set };
  if (each !== undefined && rule.each === 'labels') return { in: 'label', name: each, ...set };
  if (each !== undefined && rule.each === 'annotations') return { in: 'annotation', name: each };
  const called = [name, each].filter((part) => part !== undefined).join(' ');
  return { in: 'configuration', ...(called === '' ? {} : { name: called }), ...set };
}

/** The first word of what runs: a builder that leaves no line of it has taken the place of the base's line. */
function setBy(cause: string | undefined, { evidence: { image } }: CaseSource['inputs']): string | undefined {
  if (cause === 'CMD') return image?.cmd[0];
  return cause === 'ENTRYPOINT' ? image?.entrypoint[0] : undefined;
}

/** Whether a line sets the text that is asked for: `22` of `22/tcp`, `PATH`. */
function names(line: string, each: string | undefined): boolean {
  return each === undefined || line.includes(each) || (/^\d/.test(each) && line.includes(each.split('/')[0] ?? each));
}

/** The line where the last stage of a Dockerfile begins. */
function lastStage(history: readonly { readonly name: string; readonly line?: number }[]): number | undefined {
  return history.findLast(({ name }) => name === 'FROM')?.line;
}
