import type { Advisory, AffectedRange } from '../model/advisory.ts';

/** What decides whether an rpm belongs to a module stream. */
export interface ModularRpm {
  readonly version: string;
  /** The modularity label (`name:stream:version:context`), where the rpm has one. */
  readonly module?: string;
}

/**
 * The ranges of an advisory that concern the rpm. A fix that is a module's build (`.module_el8` or `.module+el8` in its
 * release) holds for rpms of that module stream alone, and a fix that is none only for rpms outside of modules: the two
 * are built side by side under one name, and their versions say nothing about each other.
 */
export function rangesForModule(advisory: Advisory, rpm: ModularRpm): readonly AffectedRange[] {
  const modular = rpm.module !== undefined || isModuleBuild(rpm.version);
  let streamFits: boolean | undefined;
  return advisory.ranges.filter((range) => {
    const fix = range.events.find((event) => event.kind === 'fixed');
    if (fix === undefined) return true;
    if (!isModuleBuild(fix.version)) return !modular;
    if (!modular) return false;
    streamFits ??= namesStream(advisory.summary, rpm.module);
    return streamFits;
  });
}

/** Whether a version is that of a module's build, by its release. */
export function isModuleBuild(version: string): boolean {
  const at = version.indexOf('.module');
  const next = at < 0 ? '' : version[at + '.module'.length];
  return next === '_' || next === '+';
}

/**
 * Whether the summary of an erratum names the rpm's stream ("Important: nodejs:18 security update"): the records say it
 * nowhere else. True when it names no stream, or the rpm doesn't say its own: then nothing can be ruled out.
 */
function namesStream(summary: string, label: string | undefined): boolean {
  if (label === undefined) return true;
  const own = label.split(':', 2).join(':');
  let named = false;
  for (const word of summary.split(/[\s,]/)) {
    const colon = word.indexOf(':');
    if (colon <= 0 || colon === word.length - 1) continue;
    if (word === own) return true;
    named = true;
  }
  return !named;
}
