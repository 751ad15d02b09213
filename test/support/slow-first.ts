import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest: were one of them the last to begin, all other workers would wait for it. */
const slow = [
  'detect/secrets/linear',
  'policies/verdicts',
  'bench',
  'registry-scan',
  'bad-images',
  'sbom-round-trip',
  'planted-secrets',
  'advisory/update-changes',
  'cli/db-distribution',
];

const isSlow = ({ moduleId }: TestSpecification): boolean => slow.some((name) => moduleId.endsWith(`/${name}.test.ts`));

/** Begins with the files that take longest; the others follow as they would. */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
