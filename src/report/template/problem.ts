import { LiquidError } from 'liquidjs';
import { messageOf, SluiceError } from '../../util/error.ts';
import { nearest } from '../../util/nearest.ts';
import type { TemplateLimits } from './engine.ts';

/** Longest message of the library that is told, in characters: it may quote the template. */
const longestMessage = 300;

/** What is known of by name in a template. */
export interface Known {
  readonly filters: readonly string[];
  readonly tags: readonly string[];
  readonly values: readonly string[];
}

/** What is wrong with a template, with its file, line and column and what to do. */
export function templateProblem(thrown: unknown, name: string, known: Known, limits: TemplateLimits): unknown {
  const original = LiquidError.is(thrown) ? thrown.originalError : thrown;
  if (original instanceof RangeError) {
    if (/call stack/.test(original.message))
      return problem(placeOf(thrown, name), 'its tags stand too deep in each other', 'make it flatter');
    const most = `${limits.output} characters`;
    return problem(placeOf(thrown, name), `the report would have more than ${most}`, 'tell less of each finding');
  }
  if (!LiquidError.is(thrown)) return thrown;
  const message = textOf(thrown);
  return problem(placeOf(thrown, name), message, hintOf(message, known));
}

function problem(place: string, message: string, hint: string): SluiceError {
  return new SluiceError('template/invalid', `${place}: ${message}`, hint);
}

function placeOf(thrown: unknown, name: string): string {
  if (!LiquidError.is(thrown)) return name;
  const [line, column] = thrown.token.getPosition();
  return `${name}:${line}:${column}`;
}

/** The library's words without the place, which stands before them already. */
function textOf(thrown: LiquidError): string {
  const message = messageOf(thrown.originalError ?? thrown).replace(/, line:\d+, col:\d+$/, '');
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…`.toWellFormed() : line;
}

function hintOf(message: string, { filters, tags, values }: Known): string {
  const variable = /^undefined variable: (.+)$/.exec(message)?.[1];
  if (variable !== undefined) {
    const last = variable.slice(variable.lastIndexOf('.') + 1);
    const close = nearest(last, values);
    return `${close === undefined || close === last ? '' : `did you mean ${close}? `}what may be absent is asked for by if, or with | default: ""`;
  }
  const filter = /^undefined filter: (.+)$/.exec(message)?.[1];
  if (filter !== undefined) return closeTo(filter, filters, 'filter');
  const tag = /^tag "?([^"\s]+)"? not found/.exec(message)?.[1];
  if (tag !== undefined) {
    const isReading = ['include', 'render', 'layout', 'block'].includes(tag);
    return isReading ? 'a template is one file: put the text in its place' : closeTo(tag, tags, 'tag');
  }
  if (/limit exceeded/.test(message)) return 'it runs too long or makes too much: look for a loop in a loop';
  return 'the language is Liquid: what a template is given is listed in docs/templates.md';
}

function closeTo(name: string, names: readonly string[], what: string): string {
  const close = nearest(name, names);
  return close === undefined
    ? `there is no such ${what}: docs/templates.md names those there are`
    : `did you mean ${close}?`;
}
