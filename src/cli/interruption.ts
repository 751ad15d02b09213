const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Cleans up when the process is told to end, which then ends by the signal as it would have without. */
export function onInterruption(clean: () => void): void {
  for (const signal of signals) {
    process.once(signal, () => {
      clean();
      process.kill(process.pid, signal);
    });
  }
}
