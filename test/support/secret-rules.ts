import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { expandSample } from './secret-samples.ts';

const folder = join(import.meta.dirname, '..', '..', 'rules', 'secrets');

/** A text in which a rule must find something, or nothing. */
export interface RuleSample {
  readonly path: string;
  readonly text: string;
}

/** The samples of one rule, with random text in their places. */
export interface RuleSamples {
  readonly file: string;
  readonly id: string;
  readonly samples: readonly RuleSample[];
  readonly lookalikes: readonly RuleSample[];
}

/** Where a sample stands that does not say. */
const usualPath = 'srv/shop/config.env';

type Given = string | { readonly path: string; readonly text: string };

/** The samples of all built-in rules for secrets, read from the rules' own files. */
export function ruleSamples(): readonly RuleSamples[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.toml'))
    .sort()
    .flatMap((name) => samplesIn(name));
}

function samplesIn(name: string): readonly RuleSamples[] {
  const { rules } = parse(readFileSync(join(folder, name), 'utf8')) as unknown as {
    rules: readonly { id: string; sluice: { samples?: readonly Given[]; lookalikes?: readonly Given[] } }[];
  };
  return rules.map(({ id, sluice: { samples = [], lookalikes = [] } }) => ({
    file: name,
    id,
    samples: samples.map((given, at) => expanded(given, `${id} sample ${at}`)),
    lookalikes: lookalikes.map((given, at) => expanded(given, `${id} look-alike ${at}`)),
  }));
}

function expanded(given: Given, seed: string): RuleSample {
  const { path, text } = typeof given === 'string' ? { path: usualPath, text: given } : given;
  return { path, text: expandSample(text, seed) };
}
