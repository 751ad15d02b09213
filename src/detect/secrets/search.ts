import type { SecretCheck } from './checks/contract.ts';
import type { SecretRuleSet } from './contract.ts';
import { type Automaton, automatonOf, type States, statesOf } from './keywords/automaton.ts';
import { type CodedWord, type Coding, codedWords } from './keywords/coded.ts';
import { readStates, type WrittenStates, writeStates } from './keywords/written-states.ts';
import type { LinearEngine } from './pattern/compile.ts';
import { type PreparedAnchor, type PreparedRule, type PreparedSet, prepareRules, writtenAs } from './prepare.ts';
import { areOf, type WrittenShapes } from './shape.ts';

/** Why a word is looked for: a rule's pattern, or a text that is coded. */
export type WordUse = RuleWord | { readonly coded: CodedWord };

/** A word of a rule. */
export interface RuleWord {
  readonly coded?: undefined;
  readonly rule: PreparedRule;
  /** Absent: the pattern is tried round the word. */
  readonly anchor?: PreparedAnchor;
  /** The number of the anchor among all. */
  readonly id: number;
  /** Bytes of the word. */
  readonly length: number;
}

/** All that a search goes by. */
export interface Search {
  readonly rules: readonly PreparedRule[];
  readonly sets: readonly PreparedSet[];
  readonly automaton: Automaton;
  /** What the words that end at a state are for, by the state's number. */
  readonly uses: readonly (readonly WordUse[])[];
  /** How many anchors there are. */
  readonly anchors: number;
  /** Rules whose pattern is tried on all of every text. */
  readonly always: readonly PreparedRule[];
  /** Rules that go by the path alone. */
  readonly byPath: readonly PreparedRule[];
}

/** What the words of a rule set come to, as plain JSON: see {@link writeWords}. */
export interface WrittenWords {
  readonly states: WrittenStates;
  /** Words that are written in a coding: `base64 0 …`, by line. */
  readonly coded: string;
}

/** What is known of a rule set without making it ready. */
export interface WrittenSearch {
  readonly shapes: WrittenShapes;
  readonly words: WrittenWords;
}

/** Makes ready what a search goes by. `written`: of one of the sets. @throws as {@link prepareRules} */
export function prepareSearch(
  sets: readonly SecretRuleSet[],
  checks: ReadonlyMap<string, SecretCheck>,
  engine?: LinearEngine,
  written?: WrittenSearch,
): Search {
  const prepared = prepareRules(sets, checks, engine, written?.shapes);
  const rules = usesOf(prepared.rules);
  // Of several sets together nothing was written.
  const isWritten = written !== undefined && sets.length === 1 && areOf(written.shapes, sets[0]!);
  const { automaton, uses } = isWritten ? readWords(written.words, rules.uses) : lookedFor(rules.uses, prepared.rules);
  return {
    ...prepared,
    ...{ automaton, uses, anchors: rules.anchors, always: rules.always },
    byPath: prepared.rules.filter(({ pattern, path }) => pattern === undefined && path !== undefined),
  };
}

/** A word, and what it is looked for. */
interface UsedWord {
  readonly word: string;
  readonly use: WordUse;
}

/** The words of rules, and rules without any. */
function usesOf(rules: readonly PreparedRule[]): {
  readonly uses: readonly UsedWord[];
  readonly anchors: number;
  readonly always: readonly PreparedRule[];
} {
  const uses: UsedWord[] = [];
  const always: PreparedRule[] = [];
  let anchors = 0;
  for (const rule of rules) {
    if (rule.pattern === undefined) continue;
    if (rule.anchors !== undefined) {
      for (const anchor of rule.anchors) {
        const { word } = anchor;
        uses.push({ word, use: { rule, anchor, id: anchors++, length: word.length } });
      }
    } else if (rule.rule.keywords.length === 0) always.push(rule);
    else {
      for (const word of new Set(rule.rule.keywords))
        uses.push({ word, use: { rule, id: -1, length: Buffer.byteLength(word) } });
    }
  }
  return { uses, anchors, always };
}

function lookedFor(ofRules: readonly UsedWord[], rules: readonly PreparedRule[]): Pick<Search, 'automaton' | 'uses'> {
  const all = [...ofRules, ...codedOf(rules).map(usedAs)];
  const { states, numbers } = statesFor(all);
  return searchOf(states, numbers, all);
}

/** What {@link readWords} reads, of the rules of one set. */
export function writeWords({ rules }: Pick<Search, 'rules'>): WrittenWords {
  const coded = codedOf(rules);
  const { states, numbers } = statesFor([...usesOf(rules).uses, ...coded.map(usedAs)]);
  const ends = states.ends.map((words) => words?.flatMap((word) => numbers[word] ?? []));
  return {
    states: writeStates({ ...states, ends }),
    coded: coded.map(({ coding, phase, exact }) => `${coding} ${phase} ${exact}`).join('\n'),
  };
}

function readWords({ states, coded }: WrittenWords, ofRules: readonly UsedWord[]): Pick<Search, 'automaton' | 'uses'> {
  const words = coded === '' ? [] : coded.split('\n').map(readCoded);
  const all = [...ofRules, ...words.map(usedAs)];
  const automaton = automatonOf(readStates(states));
  return { automaton, uses: automaton.ended.map((numbers) => numbers.map((number) => all[number]!.use)) };
}

function readCoded(line: string): CodedWord {
  const [coding = '', phase = '', exact = ''] = line.split(' ');
  return { coding: coding as Coding, exact, phase: Number(phase) };
}

function usedAs(coded: CodedWord): UsedWord {
  return { word: coded.exact.toLowerCase(), use: { coded } };
}

/** The states for all words, each once; by the number of a word those of its uses. */
function statesFor(all: readonly UsedWord[]): {
  readonly states: States;
  readonly numbers: readonly (readonly number[])[];
} {
  const words = new Map<string, number[]>();
  for (const [number, { word }] of all.entries()) {
    const same = words.get(word);
    if (same === undefined) words.set(word, [number]);
    else same.push(number);
  }
  return { states: statesOf([...words.keys()].map((word) => Buffer.from(word))), numbers: [...words.values()] };
}

function searchOf(
  states: States,
  numbers: readonly (readonly number[])[],
  all: readonly UsedWord[],
): Pick<Search, 'automaton' | 'uses'> {
  const automaton = automatonOf(states);
  const usesAt = (word: number): WordUse[] => (numbers[word] ?? []).map((number) => all[number]!.use);
  return { automaton, uses: automaton.ended.map((words) => words.flatMap(usesAt)) };
}

/** The words of all rules as codings write them, each once. */
function codedOf(rules: readonly PreparedRule[]): readonly CodedWord[] {
  const words = new Set(rules.flatMap(({ anchors }) => anchors ?? []).flatMap(writtenAs));
  const byText = new Map<string, CodedWord>();
  for (const word of words)
    for (const coded of codedWords(word)) byText.set(`${coded.coding} ${coded.phase} ${coded.exact}`, coded);
  return [...byText.values()];
}
