/** A type of a variable or field, as CEL writes it: `string`, `list<string>`, `map<string, string>`, or a type of {@link Types}. */
export type FieldType = string;

/** One field that rules can read. */
export interface Field {
  readonly type: FieldType;
  /** For docs/policy.md: what it holds, with its unit, and what it is when that is not known. */
  readonly doc: string;
}

/** The fields of one type, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** All types that expressions know beside CEL's own, by name. */
export type Types = Readonly<Record<string, Fields>>;

/** What a rule is evaluated on (`on:` of a rule): once for each of them. */
export const subjectKinds = [
  'finding',
  'package',
  'file',
  'package-file',
  'account',
  'instruction',
  'image',
  'secret',
  'misconfiguration',
  'licence',
  'external',
  'change',
  'source',
  'problem',
] as const;

/** One of {@link subjectKinds}. */
export type SubjectKind = (typeof subjectKinds)[number];

/** The variable and type of each kind of subject; `package` is a word of CEL's own, so the variable is `pkg`. */
export const subjectVariables: Readonly<Record<SubjectKind, { readonly name: string; readonly type: string }>> = {
  finding: { name: 'finding', type: 'Finding' },
  package: { name: 'pkg', type: 'Package' },
  file: { name: 'file', type: 'File' },
  'package-file': { name: 'packageFile', type: 'PackageFile' },
  account: { name: 'account', type: 'Account' },
  instruction: { name: 'instruction', type: 'Instruction' },
  image: { name: 'image', type: 'Image' },
  secret: { name: 'secret', type: 'Secret' },
  misconfiguration: { name: 'misconfiguration', type: 'Misconfiguration' },
  licence: { name: 'licence', type: 'Licence' },
  external: { name: 'external', type: 'External' },
  change: { name: 'change', type: 'Change' },
  source: { name: 'source', type: 'Source' },
  problem: { name: 'problem', type: 'Problem' },
};
