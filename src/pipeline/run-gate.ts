import type { Wanted } from '../model/collected.ts';
import type { Evidence } from '../model/evidence.ts';
import type { PolicyInput } from '../policy/file/loader.ts';
import type { Mapped } from '../policy/file/policy-set.ts';
import type { Judged } from '../policy/judge.ts';
import { judgeLazily } from '../policy/judge-lazily.ts';
import type { Baseline } from '../policy/judging.ts';
import type { Policy } from '../policy/policy.ts';
import type { Waivers } from '../policy/waiver/contract.ts';
import { wantedOf } from '../policy/wanted.ts';
import type { JudgedBy } from '../report/contract.ts';

/** What the gate goes by in one run: the policy file, if there is one, with the flags over it, and the waivers. */
export interface PolicySet {
  /** The policy for an image: the first mapping that fits chooses; without a policy file always the same. */
  choose(image: Mapped): Policy;
  /** Whether {@link choose} looks at the image at all. */
  readonly mapped: boolean;
  /** What the policy was read from; absent: there is none but the default one. */
  readonly files?: readonly PolicyInput[];
  /** Absent: there is no waiver file. */
  readonly waivers?: Waivers;
  /** `--at`: the moment to judge as of. */
  readonly at?: Date;
}

/** A verdict with all that it was made by. */
export interface RunVerdict extends Judged {
  readonly judgedBy: JudgedBy;
}

/** What turns the evidence on an image into a verdict in one run: the policy for it, the waivers, the moment. */
export class RunGate {
  readonly #policies: PolicySet;
  readonly #now: Date;
  /** The real moment, where the user names another. */
  readonly #dataNow: Date | undefined;
  readonly #build: string;
  readonly #made = new Date();

  /** `now`: the moment to judge as of, unless the user names another. `build` stands for sluice itself. */
  constructor(policies: PolicySet, now: Date, build: string) {
    this.#policies = policies;
    this.#now = policies.at ?? now;
    this.#dataNow = policies.at && now;
    this.#build = build;
  }

  /** The moment to judge as of. */
  get now(): Date {
    return this.#now;
  }

  /** What the policy for an image of these names asks for beyond what every scan finds out. */
  wanted(evidence: Evidence, names: readonly string[]): Wanted | undefined {
    return wantedOf(this.#policyFor(evidence, names), evidence);
  }

  /** What an image of these names is judged by. */
  goBy(evidence: Evidence, names: readonly string[], baseline?: Baseline): JudgedBy {
    const { waivers } = this.#policies;
    const given = {
      ...(this.#dataNow ? { dataNow: this.#dataNow } : {}),
      ...(waivers ? { waivers } : {}),
      ...(baseline ? { baseline } : {}),
    };
    const judging = { now: this.#now, names, ...given };
    const files = this.#policies.files ? { files: this.#policies.files } : {};
    return { policy: this.#policyFor(evidence, names), judging, build: this.#build, ...files, made: this.#made };
  }

  /** Judges what was found of an image that goes by these names. */
  async judge(evidence: Evidence, names: readonly string[], baseline?: Baseline): Promise<RunVerdict> {
    const judgedBy = this.goBy(evidence, names, baseline);
    return { ...(await judgeLazily(evidence, judgedBy.policy, judgedBy.judging)), judgedBy };
  }

  #policyFor(evidence: Evidence, names: readonly string[]): Policy {
    return this.#policies.choose({ names, labels: evidence.image?.labels ?? {} });
  }
}
