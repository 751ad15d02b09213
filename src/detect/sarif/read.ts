import type { PlacedFinding } from '../../model/placed-finding.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { compareText } from '../../util/compare-text.ts';
import { SluiceError } from '../../util/error.ts';
import { asString } from '../../util/json.ts';
import { JsonReader, MalformedJson } from './json-reader.ts';
import { nthFingerprint, readResult, resultKeys, type Tool } from './result.ts';
import { line, readRule, type ToolRule } from './rules.ts';

/** Largest SARIF file that is read, in bytes. */
export const largestSarif = 256 << 20;
/** Largest rule, and largest part of a result that is looked at (bytes). */
const largestPart = 1 << 20;
/** Most results that become findings. */
const mostResults = 50_000;
/** Most rules of one tool, and most runs of one file. */
const mostRules = 50_000;
const mostRuns = 1000;

/** What a SARIF file says. */
export interface Imported {
  /** Sorted by id and place, each once. */
  readonly findings: readonly PlacedFinding[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a SARIF 2.1.0 file (OASIS) value by value, so that a large one costs its own bytes and no more. `name`: what messages
 * call it. @throws SluiceError `sarif/malformed`, `sarif/version`
 */
export function readSarif(bytes: Buffer, name: string): Imported {
  const log = new Log(name);
  const reader = new JsonReader(bytes);
  try {
    reader.object((key) => {
      if (key === 'version') log.version = reader.value(100);
      else if (key === 'runs') reader.list((index) => (index < mostRuns ? log.run(reader) : log.leaveRun()));
    });
    reader.end();
  } catch (thrown) {
    if (!(thrown instanceof MalformedJson)) throw thrown;
    throw new SluiceError('sarif/malformed', `${name} is no SARIF: ${thrown.message}`);
  }
  return log.done();
}

/** A file as far as it was read. */
class Log {
  version: unknown;
  readonly #name: string;
  readonly #findings: PlacedFinding[] = [];
  readonly #seen = new Map<string, number>();
  #runs = 0;
  #tooLarge = 0;
  #tooMany = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** What results mean is told by the tool's rules, which may stand behind them. */
  run(reader: JsonReader): void {
    this.#runs++;
    const tool = new ToolDraft();
    let results: JsonReader | undefined;
    reader.object((key) => {
      if (key === 'tool') tool.read(reader);
      else if (key === 'results') results = reader.fork();
    });
    results?.list(() => results && this.#result(results, tool.made()));
  }

  /** Only what is asked for is made of it: how data flows may be a thousand times as much. */
  #result(reader: JsonReader, tool: Tool): void {
    const result: Record<string, unknown> = {};
    let isWhole = true;
    reader.object((key) => {
      if (!resultKeys.has(key)) return;
      result[key] = reader.value(largestPart);
      isWhole &&= result[key] !== undefined;
    });
    if (isWhole) this.#add(result, tool);
    else this.#tooLarge++;
  }

  leaveRun(): void {
    this.#runs++;
  }

  #add(value: Readonly<Record<string, unknown>>, tool: Tool): void {
    const finding = readResult(value, tool);
    if (!finding) return;
    if (this.#findings.length >= mostResults) {
      this.#tooMany++;
      return;
    }
    const nth = this.#seen.get(finding.fingerprint) ?? 0;
    this.#seen.set(finding.fingerprint, nth + 1);
    const fingerprint = nth === 0 ? finding.fingerprint : nthFingerprint(finding.fingerprint, nth);
    this.#findings.push({ ...finding, fingerprint });
  }

  /** @throws SluiceError `sarif/version` */
  done(): Imported {
    const name = this.#name;
    if (this.version !== '2.1.0') {
      const version = asString(this.version);
      const what = version === undefined ? 'says no version of SARIF' : `is SARIF ${line(version, 20)}`;
      throw new SluiceError('sarif/version', `${name} ${what}`, 'SARIF 2.1.0 is read');
    }
    const problems = [
      ...this.#told('sarif/too-large', this.#tooLarge, `with a part of more than ${largestPart >> 20} MiB`),
      ...this.#told('sarif/too-many', this.#tooMany, `behind the first ${mostResults.toLocaleString('en')}`),
      ...(this.#runs > mostRuns
        ? [warning('sarif/too-many', `${name}: only the first ${mostRuns} runs are read`)]
        : []),
    ];
    return { findings: this.#findings.sort(compare), problems };
  }

  #told(code: `sarif/${string}`, count: number, which: string): Problem[] {
    if (count === 0) return [];
    const what = count === 1 ? '1 result' : `${count.toLocaleString('en')} results`;
    return [warning(code, `${this.#name}: ${what} ${which} left out`)];
  }
}

/** The tool of a run as it is read. */
class ToolDraft {
  #name = '';
  #version = '';
  readonly #byId = new Map<string, ToolRule>();
  readonly #byIndex: (ToolRule | undefined)[] = [];
  #made: Tool | undefined;

  read(reader: JsonReader): void {
    reader.object((key) => {
      if (key === 'driver') this.#driver(reader);
      else if (key === 'extensions') reader.list(() => this.#extension(reader));
    });
  }

  made(): Tool {
    const name = `${this.#name === '' ? 'another tool' : this.#name} ${this.#version}`.trim();
    this.#made ??= { name, byId: this.#byId, byIndex: this.#byIndex };
    return this.#made;
  }

  #driver(reader: JsonReader): void {
    reader.object((key) => {
      if (key === 'name') this.#name = line(asString(reader.value(1000)) ?? '', 60);
      else if (key === 'semanticVersion' || (key === 'version' && this.#version === '')) {
        this.#version = line(asString(reader.value(1000)) ?? '', 40);
      } else if (key === 'rules') {
        reader.list((index) => {
          if (index >= mostRules) return;
          this.#byIndex[index] = this.#rule(reader);
        });
      }
    });
  }

  /** Rules of extensions are found by their names: the numbers are each extension's own. */
  #extension(reader: JsonReader): void {
    reader.object((key) => {
      if (key === 'rules') reader.list((index) => index < mostRules && this.#rule(reader));
    });
  }

  #rule(reader: JsonReader): ToolRule | undefined {
    const rule = readRule(reader.value(largestPart));
    if (rule && this.#byId.size < mostRules && !this.#byId.has(rule.id)) this.#byId.set(rule.id, rule);
    return rule;
  }
}

function compare(a: PlacedFinding, b: PlacedFinding): number {
  return (
    compareText(a.id, b.id) ||
    compareText(a.place.path ?? '', b.place.path ?? '') ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}
