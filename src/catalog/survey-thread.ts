import { Worker, type WorkerOptions } from 'node:worker_threads';
import { messageOf, SluiceError } from '../util/error.ts';
import type { ThreadCall, ThreadJob, ThreadMessage, ThreadResult } from './worker-protocol.ts';

interface Running {
  readonly resolve: (result: ThreadResult) => void;
  readonly reject: (error: Error) => void;
  readonly onCall: ((call: ThreadCall['call']) => void) | undefined;
}

/** The main thread's side of one survey thread. It keeps the process alive only while it has a job. */
export class SurveyThread {
  readonly #worker: Worker;
  readonly #onLost: () => void;
  #running: Running | undefined;
  #lost = false;

  /** `onLost` is called once, when the thread is no more. */
  constructor(file: string, onLost: () => void, options: WorkerOptions = {}) {
    this.#onLost = onLost;
    this.#worker = new Worker(file, { ...options, env: {}, execArgv: [] });
    this.#worker.on('message', (message: ThreadMessage) => this.#hear(message));
    // Out of memory, or a bug: without these two, the scan would wait for ever.
    this.#worker.on('error', (error) => this.#lose(`a survey thread failed: ${messageOf(error)}`));
    this.#worker.on('messageerror', (error) => this.#lose(`a survey thread's answer is damaged: ${messageOf(error)}`));
    this.#worker.on('exit', () => this.#lose('a survey thread ended before its work was done'));
    this.#worker.unref();
  }

  /** Does one job; the thread has to be free. @throws SluiceError `layer/thread` when the thread is lost */
  run(job: ThreadJob, onCall?: (call: ThreadCall['call']) => void): Promise<ThreadResult> {
    return new Promise((resolve, reject) => {
      if (this.#lost) return reject(new SluiceError('layer/thread', 'a survey thread has ended'));
      this.#running = { resolve, reject, onCall };
      this.#worker.ref();
      this.#worker.postMessage(job);
    });
  }

  /** Ends the thread at once, whatever it is doing. */
  end(): void {
    this.#lose('a survey thread was ended');
  }

  #hear(message: ThreadMessage): void {
    if ('call' in message) this.#running?.onCall?.(message.call);
    else this.#free()?.resolve(message);
  }

  #lose(why: string): void {
    if (this.#lost) return;
    this.#lost = true;
    void this.#worker.terminate();
    this.#free()?.reject(new SluiceError('layer/thread', why));
    this.#onLost();
  }

  #free(): Running | undefined {
    const running = this.#running;
    this.#running = undefined;
    this.#worker.unref();
    return running;
  }
}
