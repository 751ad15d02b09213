import { afterAll, afterEach } from 'vitest';
import { cleanUpFile, cleanUpTest } from './clean-up.ts';

// Runs before each file of tests, also where files share a worker.
afterEach(cleanUpTest);
afterAll(cleanUpFile);
