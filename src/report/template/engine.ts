import { Liquid } from 'liquidjs';
import { parseSeverity, reaches, severities } from '../../model/severity.ts';
import { type Escape, escapes } from './escapes.ts';
import type { Given } from './model.ts';

/** What a template may use up before it is stopped. */
export interface TemplateLimits {
  /** Characters of a template. */
  readonly template: number;
  /** Characters and entries of lists that it may make on its way. */
  readonly memory: number;
  /** Characters that values may put into the report. */
  readonly output: number;
  /** Milliseconds: no report of a real image takes a hundredth of it. */
  readonly time: number;
}

/** Limits that no template for people comes near. */
export const templateLimits: TemplateLimits = {
  template: 1024 * 1024,
  memory: 64 * 1024 * 1024,
  output: 64 * 1024 * 1024,
  time: 20_000,
};

/** Tags that read other files: a template is one file, so that whoever may write it can read none. */
const readingTags = ['include', 'render', 'layout', 'block'];

/** Filters that would give another report of the same evidence the next time. */
const changingFilters = ['sample', 'shuffle'];

/** A template that is read, and can be rendered. */
export interface ReadTemplate {
  /** @throws errors of liquidjs, RangeError when the report would be too long */
  render(given: Given): string;
}

/**
 * Reads a template (Liquid, as liquidjs has it). Whatever it does, it sees the values that it is given and nothing else:
 * no file, no prototype, no clock. @throws errors of liquidjs
 */
export function readTemplate(text: string, standard: Escape, limits: TemplateLimits): ReadTemplate {
  let written = 0;
  const engine = newEngine(standard, limits, (shown) => {
    written += shown.length;
    if (written > limits.output) throw new RangeError('the report would be too long');
    return shown;
  });
  const parts = engine.parse(text);
  return {
    render: (given) => {
      written = 0;
      const rendered: unknown = engine.renderSync(parts, given as object);
      return typeof rendered === 'string' ? rendered : '';
    },
  };
}

/** The names of all filters and tags that a template may use. */
export function templateWords(): { readonly filters: readonly string[]; readonly tags: readonly string[] } {
  const { filters, tags } = newEngine('text', templateLimits, (shown) => shown);
  return { filters: Object.keys(filters).sort(), tags: Object.keys(tags).sort() };
}

function newEngine(standard: Escape, limits: TemplateLimits, counted: (shown: string) => string): Liquid {
  const engine = new Liquid({
    // Names of other templates are looked up here, where there are none.
    templates: {},
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    timezoneOffset: 0,
    locale: 'en',
    parseLimit: limits.template,
    memoryLimit: limits.memory,
    renderLimit: limits.time,
    outputEscape: (value: unknown) => counted(escapes[standard](value)),
  });
  for (const tag of readingTags) delete engine.tags[tag];
  for (const filter of changingFilters) delete engine.filters[filter];
  for (const [name, escaped] of Object.entries(escapes)) {
    // What a template writes in another form than its own has been asked for so.
    engine.registerFilter(name, { raw: true, handler: (value: unknown) => counted(escaped(value)) });
  }
  engine.registerFilter('escape', { raw: true, handler: (value: unknown) => counted(escapes.html(value)) });
  engine.registerFilter('raw', { raw: true, handler: (value: unknown) => rawText(value, counted) });
  engine.registerFilter('by_severity', bySeverity);
  engine.registerFilter('at_least', atLeast);
  withoutClock(engine);
  return engine;
}

function rawText(value: unknown, counted: (text: string) => string): unknown {
  return typeof value === 'string' ? counted(value) : value;
}

/** The worst first; of those that are equal the order stays. */
function bySeverity(value: unknown): unknown[] {
  return listOf(value)
    .map((one) => ({ one, rank: rankOf(one) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

/** Those of a severity or of a worse one. */
function atLeast(value: unknown, word: unknown): unknown[] {
  const threshold = typeof word === 'string' ? parseSeverity(word) : undefined;
  if (threshold === undefined) throw new Error(`at_least takes a severity: ${severities.join(', ')}`);
  return listOf(value).filter((one) => {
    const severity = severityOf(one);
    return severity !== undefined && reaches(severity, threshold);
  });
}

function rankOf(value: unknown): number {
  const severity = severityOf(value);
  return severity === undefined ? severities.length : severities.indexOf(severity);
}

function severityOf(value: unknown): ReturnType<typeof parseSeverity> {
  const { severity } = typeof value === 'object' && value !== null ? (value as { severity?: unknown }) : {};
  return typeof severity === 'string' ? parseSeverity(severity) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Dates of the data can be written in any form; that of now can't: the same evidence gives the same report. */
function withoutClock(engine: Liquid): void {
  for (const [name, filter] of Object.entries(engine.filters)) {
    if (!name.startsWith('date')) continue;
    const handler = typeof filter === 'function' ? filter : filter.handler;
    engine.registerFilter(name, function (value: unknown, ...rest: unknown[]) {
      if (value === 'now' || value === 'today')
        throw new Error(`there is no ${value}: use time, the time of the report`);
      return (handler as (...given: unknown[]) => unknown).call(this, value, ...rest);
    });
  }
}
