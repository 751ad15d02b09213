import type { Severity } from '../model/severity.ts';
import type { Rule } from '../policy/rule.ts';

/** Forms of configuration files that are read into documents. */
export const documentFormats = [
  ...['json', 'yaml', 'toml', 'ini', 'xml', 'properties', 'lines'],
  ...['sshd', 'nginx', 'httpd', 'redis', 'postgres', 'sudoers'],
] as const;

/** One of {@link documentFormats}. */
export type DocumentFormat = (typeof documentFormats)[number];

/** Which configuration files a rule is asked on (`on: document`). */
export interface DocumentQuery {
  readonly format: DocumentFormat;
  /** Globs over absolute paths; a file counts where one of them matches. */
  readonly paths: readonly string[];
}

/** What configuration rules can be asked on. */
export const configurationSubjects = [
  ...['image', 'instruction', 'file', 'account', 'package', 'package-file', 'document', 'dockerfile'],
] as const;

/** What a configuration rule is asked on. */
export type ConfigurationSubject = (typeof configurationSubjects)[number];

/** Kinds of target that rules on configuration are for. */
export const configurationTargets = ['image', 'rootfs', 'source', 'dockerfile'] as const;

/** One of {@link configurationTargets}. */
export type ConfigurationTarget = (typeof configurationTargets)[number];

/** Words, in lower case, of which a field of the subject must have one. */
export interface RuleWords {
  readonly field: string;
  readonly words: readonly string[];
}

/**
 * A rule on how an image, a Dockerfile or a program in it is set up, as plain JSON. Its conditions are those of policies;
 * what a user writes is in schema/sluice-rules-v1.json.
 */
export interface ConfigurationRule
  extends Pick<Rule, 'id' | 'title' | 'why' | 'when' | 'controls' | 'files' | 'place' | 'pack'> {
  readonly on: ConfigurationSubject;
  readonly severity: Severity;
  readonly fix: string;
  readonly links: readonly string[];
  /** What other tools call it, sorted. */
  readonly aliases: readonly string[];
  /** What was found, with {found} for the subject; absent: the title and the subject. */
  readonly says?: string;
  readonly documents?: DocumentQuery;
  /** Of a rule on the image: the instruction of a Dockerfile that sets it, such as `USER`. */
  readonly cause?: string;
  /** Of a rule on the image: its field, a list of texts or a map, for each of whose texts it is asked: `ports`. */
  readonly each?: string;
  /** What a subject must have, or the condition is false. */
  readonly words?: RuleWords;
  /** Only on targets of these kinds, sorted; absent: on all of which what it reads is known. */
  readonly targets?: readonly ConfigurationTarget[];
}
