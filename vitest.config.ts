import { defineConfig } from 'vitest/config';
import SlowFirst from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A process for each file would take longer to load the same modules anew than most files take to run. What is
    // changed for a test is put back by test/support/set-up.ts or by the test.
    isolate: false,
    globalSetup: ['./test/support/global-set-up.ts'],
    setupFiles: ['./test/support/set-up.ts'],
    // One core is left to nobody: by default vitest keeps one free, which on a machine of two is half of it.
    maxWorkers: '100%',
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/support/skipped-reporter.ts'],
  },
});
