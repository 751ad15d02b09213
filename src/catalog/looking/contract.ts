import type { SecretRuleSet, SecretScanner } from '../../detect/secrets/contract.ts';
import type { EntryHead } from '../../ecosystem/contract.ts';
import type { LicenceFile, LookedFor } from '../../model/survey.ts';

/** What layers are looked into for beside packages. Plain data, that threads are given. */
export interface LayerLook {
  /** Rule sets beside the built-in one. */
  readonly secretRules: readonly SecretRuleSet[];
  /** Whether matches hold the secrets themselves: nothing of such a look is kept. */
  readonly values: boolean;
  /** What is looked for: what has no version here is not. */
  readonly looked: LookedFor;
}

/** Files with the text of licences: which they are, and which licences. */
export interface LicenceReader {
  claims(path: string, head: EntryHead): boolean;
  /** Undefined: it says nothing of licences. Never throws. */
  identify(path: string, bytes: Buffer): Omit<LicenceFile, 'entry'> | undefined;
}

/** A {@link LayerLook} with what it needs loaded, in one thread. */
export interface ReadyLook {
  readonly look: LayerLook;
  /** A scanner that nobody else uses until it is given back. */
  borrow(): SecretScanner;
  giveBack(scanner: SecretScanner): void;
  /** Absent where licences are not looked for. */
  readonly licences?: LicenceReader;
}
