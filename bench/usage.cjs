// Preloaded into the Node processes of the bench: tells their CPU and memory on descriptor 3 when they end.
'use strict';
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.once('exit', () => {
    require('node:fs').writeSync(3, JSON.stringify(process.resourceUsage()));
  });
}
