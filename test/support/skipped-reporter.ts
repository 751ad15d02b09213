import type { Reporter, TestModule } from 'vitest/node';

/** Says by name which tests were skipped: a test that did not run must not look like one that passed. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => `${module.relativeModuleId} > ${test.fullName}`),
    );
    if (names.length === 0) return;
    process.stdout.write(`\nSkipped, for what they need is not here:\n${names.map((name) => `  ${name}\n`).join('')}`);
  }
}
