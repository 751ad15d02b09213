import { EvaluationFailure, type Scope } from '../contract.ts';
import type { Node } from '../node.ts';
import type { Build, Closure } from './contract.ts';
import { type Reader, readerOf } from './readers.ts';

type NodeOf<Op extends Node['op']> = Extract<Node, { op: Op }>;

/** A field of a typed value. One that is not there is never taken for empty. */
export function fieldOf({ of, name }: NodeOf<'field'>, build: Build): Closure {
  const read = readerOf(name);
  if (of.op === 'var' && !build.locals.has(of.name) && !Object.hasOwn(build.constants, of.name))
    return fieldOfSubject(of.name, name, read);
  const owner = build.of(of) as (scope: Scope) => Scope;
  return (scope) => {
    const value = read(owner(scope));
    if (value === undefined) throw missing(name);
    return value;
  };
}

/** The shortest ways are those of the subjects of which there are many. */
function fieldOfSubject(variable: string, name: string, read: Reader): Closure {
  if (variable === 'finding')
    return (scope) => {
      const value = read(scope.finding as Scope);
      if (value === undefined) throw missing(name);
      return value;
    };
  if (variable === 'pkg')
    return (scope) => {
      const value = read(scope.pkg as Scope);
      if (value === undefined) throw missing(name);
      return value;
    };
  return (scope) => {
    const value = read(scope[variable] as Scope);
    if (value === undefined) throw missing(name);
    return value;
  };
}

/** That a field is not there, which is a fault of whoever made the scope. */
function missing(name: string): EvaluationFailure {
  return new EvaluationFailure(`${name} is not known here`);
}

/** A value of a map by its key or of a list by its place. */
export function entryOf({ of, at }: NodeOf<'index'>, build: Build): Closure {
  const owner = build.of(of);
  const place = build.of(at);
  return (scope) => {
    const holder = owner(scope);
    const key = place(scope);
    const value = Array.isArray(holder) ? itemAt(holder, key as number) : valueAt(holder, key as string);
    if (value !== undefined) return value;
    throw new EvaluationFailure(
      Array.isArray(holder)
        ? `a list of ${holder.length} has nothing at ${String(key)}`
        : `there is no ${JSON.stringify(String(key).slice(0, 60))}`,
    );
  };
}

function itemAt(list: readonly unknown[], place: number): unknown {
  return place >= 0 && place < list.length ? list[place] : undefined;
}

/** The value of a map's key; undefined when it has none. Keys are from the image: nothing inherited counts. */
export function valueAt(map: unknown, key: string): unknown {
  if (map instanceof Map) return map.get(key);
  return Object.hasOwn(map as Scope, key) ? (map as Scope)[key] : undefined;
}

/** The keys of a map. */
export function keysOf(map: unknown): readonly unknown[] {
  return map instanceof Map ? [...map.keys()] : Object.keys(map as Scope);
}

/** Whether a map has an entry. That a field is not empty is asked as a comparison. */
export function hasOf({ of, name }: NodeOf<'has'>, build: Build): Closure {
  const owner = build.of(of);
  return (scope) => valueAt(owner(scope), name) !== undefined;
}
