import type { Problem } from '../../model/problem.ts';
import type { Severity } from '../../model/severity.ts';
import type { SecretMatch } from '../../model/survey.ts';

/** When a match is none after all (gitleaks `[[rules.allowlists]]` and `[[allowlists]]`). */
export interface Allowance {
  /** Whether one of its parts is enough, or all that it has must hold. */
  readonly condition: 'or' | 'and';
  /** What `patterns` are held against. */
  readonly target: 'secret' | 'match' | 'line';
  /** Regular expressions (RE2). */
  readonly patterns: readonly string[];
  /** Regular expressions over the path (RE2). */
  readonly paths: readonly string[];
  /** Words, in lower case, any of which in the secret makes it none. */
  readonly stopWords: readonly string[];
  /** Hashes of commits in full. */
  readonly commits: readonly string[];
  /** Of an allowance for several rules, which; empty: all. */
  readonly rules: readonly string[];
}

/** Another rule that must have a match near by (gitleaks `[[rules.required]]`). */
export interface RequiredRule {
  readonly rule: string;
  /** Lines that may be between them at most; absent: any. */
  readonly lines?: number;
  /** Columns that may be between them at most; absent: any. */
  readonly columns?: number;
}

/** One kind of credential, as plain JSON: gitleaks' form of a rule and what sluice adds to it. */
export interface SecretRule {
  /** `secret/github-token`; of a user's file, as it stands there. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  readonly links: readonly string[];
  readonly tags: readonly string[];
  /** Regular expression (RE2); absent: the path alone tells. */
  readonly pattern?: string;
  /** The group that is the secret; 0: the first group that has something, else the whole match. */
  readonly group: number;
  /** Least Shannon entropy of the secret, in bits a character; absent: any. */
  readonly entropy?: number;
  /** Lower case; one of them must be in the text. Empty: all of every text is matched. */
  readonly keywords: readonly string[];
  /** Regular expression over the path (RE2). */
  readonly path?: string;
  readonly allowances: readonly Allowance[];
  /** The offline check by its name in `checks/`; absent: there is none. */
  readonly check?: string;
  /** How sure a match is before its value and context were looked at: 0 to 100. */
  readonly score: number;
  /** Other rules of which each must have a match near by; absent: none. */
  readonly required?: readonly RequiredRule[];
  /** Whether its patterns are known to be linear in JavaScript's matcher, as a test proves of the built-in ones. */
  readonly proven?: boolean;
  /** Its matches are not told: it is there for others that require it. */
  readonly silent?: boolean;
}

/** Rules that are looked for together: plain JSON, that threads are given. */
export interface SecretRuleSet {
  /** `sha256:` over all that it says. */
  readonly digest: string;
  readonly rules: readonly SecretRule[];
  /** Those of the file, for all its rules. */
  readonly allowances: readonly Allowance[];
  /** Ids of rules of the other sets that are not to be looked for, with or without `secret/` in front. */
  readonly disabled?: readonly string[];
  /** Whether the allowances hold for the rules of all sets (gitleaks `useDefault`). */
  readonly extendsBuiltIn?: boolean;
}

/** How texts are searched. */
export interface SecretOptions {
  /** Whether matches hold the secret itself. */
  readonly values?: boolean;
}

/** Searches one text after another by one set of rules. Serves one thread; one reader at a time. */
export interface SecretScanner {
  readonly digest: string;
  /**
   * A reader for the text at this path, whose bytes are told as they come; undefined when no rule wants it. `size`: bytes,
   * where known. `commit`: in full, of a text that a commit brings. The reader is valid until the next one is opened.
   */
  open(path: string, size: number, commit?: string): SecretReader | undefined;
  /** Searches a text that is at hand, such as a value of the environment: `path` is what stands for its place. */
  search(text: string, path: string): readonly SecretMatch[];
}

/** Searches one text that passes by: memory does not grow with it, nor with the length of its lines. */
export interface SecretReader {
  /** The memory may be used again after the call. False: the rest is not wanted (it is no text). */
  write(bytes: Buffer): boolean;
  /** In place of {@link write} and {@link end}, where all of the text is at hand: it is not copied. */
  whole(bytes: Buffer): ReadText;
  /** To be asked once, behind the last byte. Never throws on hostile bytes. */
  end(): ReadText;
}

/** What became of a text. */
export interface ReadText {
  /** In the order of the text; each secret of a rule once a place. */
  readonly matches: readonly SecretMatch[];
  /** What was not looked at, such as matches beyond the most that are told; its `path` is the caller's to add. */
  readonly problems: readonly Problem[];
}
