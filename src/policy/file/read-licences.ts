import { isLicencePattern, listedIds } from '../../detect/licences/patterns.ts';
import { licenceClasses } from '../../model/placed-finding.ts';
import type { Outcome } from '../../model/verdict.ts';
import { nearest } from '../../util/nearest.ts';
import type { Rule } from '../rule.ts';
import { type Faults, type Place, placeText } from './fault.ts';
import { readExpression } from './read-expression.ts';
import { recordIn, shown, textsIn, truthIn, wordIn } from './shape.ts';
import type { Value } from './value.ts';

const keys = ['allow', 'deny', 'classes', 'distribution'];
const outcomes: readonly Outcome[] = ['stop', 'warn', 'track'];
/** Most licences in one list: the SPDX list has some seven hundred. */
const mostLicences = 1000;

/** What is written in the section. */
interface Terms {
  readonly allow: readonly string[] | undefined;
  readonly deny: readonly string[] | undefined;
  readonly classes: ReadonlyMap<string, Outcome | 'off'>;
  /** Whether packages of the distribution are asked for more than what is denied. */
  readonly distribution: boolean;
}

/**
 * Reads the section `licences:` as the rules that it stands for: `licences/denied`, `licences/not-allowed`, and one for each
 * class, `licences/class-restricted`. Empty where something is wrong, which is a fault.
 */
export function readLicences(value: Value, pack: string, faults: Faults): readonly Rule[] {
  const before = faults.all.length;
  const hint = 'such as { allow: [MIT, Apache-2.0], deny: [AGPL-3.0-only], classes: { forbidden: stop } }';
  const map = recordIn(value, 'licences', keys, 'licences', faults, hint);
  if (!map) return [];
  const [allow, deny, classes, distribution] = keys.map((key) => map.entries.get(key)?.value);
  const terms: Terms = {
    allow: allow && licencesIn(allow, 'licences: allow', faults),
    deny: deny && licencesIn(deny, 'licences: deny', faults),
    classes: classes ? classesIn(classes, faults) : new Map(),
    distribution: (distribution && truthIn(distribution, 'licences: distribution', faults)) ?? false,
  };
  if (!allow && !deny && !classes && faults.all.length === before) {
    faults.add(map.place, 'licences says nothing', hint);
  }
  return faults.all.length > before ? [] : rulesOf(terms, map.place, pack, faults);
}

function licencesIn(value: Value, what: string, faults: Faults): readonly string[] {
  const texts = textsIn(value, what, faults) ?? [];
  if (texts.length > mostLicences) faults.add(value.place, `${what} has more than ${mostLicences} licences`);
  for (const { text, place } of texts.slice(0, mostLicences)) {
    if (faults.full) break;
    if (isLicencePattern(text)) continue;
    const close = nearest(text, listedIds());
    faults.add(
      place,
      `${shown(text)} is no licence of the SPDX list`,
      close ? `did you mean ${close}?` : 'one that is of nobody else begins with LicenseRef-; * stands for any text',
    );
  }
  return texts.map(({ text }) => text);
}

function classesIn(value: Value, faults: Faults): ReadonlyMap<string, Outcome | 'off'> {
  const map = recordIn(value, 'licences: classes', licenceClasses, 'classes', faults, 'such as { forbidden: stop }');
  const found = new Map<string, Outcome | 'off'>();
  for (const [name, entry] of map?.entries ?? []) {
    const outcome = wordIn(entry.value, `licences: classes: ${shown(name)}`, [...outcomes, 'off' as const], faults);
    if (outcome) found.set(name, outcome);
  }
  return found;
}

/** What a rule of the section is made of. */
interface Draft {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  readonly when: string;
  readonly outcome: Outcome;
}

function rulesOf(terms: Terms, place: Place, pack: string, faults: Faults): readonly Rule[] {
  return drafts(terms).flatMap(({ when, ...draft }) => {
    const text = { kind: 'text' as const, text: when, place, at: () => place };
    const expression = readExpression(text, 'licence', faults);
    if (!expression) return [];
    return [{ ...draft, on: 'licence' as const, when: expression, controls: [], place: placeText(place), pack }];
  });
}

function drafts({ allow, deny, classes, distribution }: Terms): Draft[] {
  const asked = distribution ? '' : '!licence.distribution && ';
  const found: Draft[] = [];
  if (deny) {
    found.push({
      id: 'licences/denied',
      title: 'A licence that is denied',
      why: 'It was decided that nothing under this licence is shipped.',
      fix: 'Replace the package, or get it under another licence.',
      when: `licence.requires(${listOf(deny)})`,
      outcome: 'stop',
    });
  }
  if (allow) {
    found.push({
      id: 'licences/not-allowed',
      title: 'A licence that is not allowed',
      why: 'Only what was agreed to may be shipped; where there is a choice, one of the allowed ones must do.',
      fix: 'Replace the package, or have its licence agreed to and put it under allow.',
      when: `${asked}licence.known && !licence.metBy(${listOf(allow)})`,
      outcome: 'stop',
    });
  }
  // Who says what is allowed wants to know of what nobody could tell.
  const all = new Map<string, Outcome | 'off'>(
    allow && !classes.has('unknown') ? [...classes, ['unknown', 'warn']] : classes,
  );
  for (const [name, outcome] of all) if (outcome !== 'off') found.push(ofClass(name, outcome, asked, allow));
  return found;
}

const wordsOfClass: Readonly<Record<string, readonly [title: string, why: string]>> = {
  permitted: ['A licence that asks for nothing', 'Licences of this class put no conditions on what is shipped.'],
  notice: ['A licence that asks for a notice', 'Its makers must be named in what is shipped.'],
  reciprocal: ['A reciprocal licence', 'Changes of its own files must be given to whoever gets the program.'],
  restricted: ['A restricted licence', 'It puts conditions on the whole work that it becomes a part of.'],
  forbidden: [
    'A forbidden licence',
    'Most companies can not fulfil what it asks for, or may not use it for business at all.',
  ],
  unknown: ['An unknown licence', 'Without a licence that somebody has read, nobody knows whether it may be shipped.'],
};

function ofClass(name: string, outcome: Outcome, asked: string, allow: readonly string[] | undefined): Draft {
  const [title = name, why = ''] = wordsOfClass[name] ?? [];
  const met = allow ? ` && !licence.metBy(${listOf(allow)})` : '';
  const fix =
    name === 'unknown'
      ? 'Read its licence, and waive it by its package where it will do.'
      : 'Replace the package, or fulfil the conditions of its licence.';
  return { id: `licences/class-${name}`, title, why, fix, when: `${asked}licence.class == '${name}'${met}`, outcome };
}

/** As CEL writes it: the patterns have no quotes. */
function listOf(patterns: readonly string[]): string {
  return `[${patterns.map((one) => `'${one}'`).join(', ')}]`;
}
