import { availableParallelism } from 'node:os';
import type { Digest } from '../model/digest.ts';
import type { LayerBlob } from '../source/contract.ts';
import { bundledThread, type ThreadFile } from './bundled-thread.ts';
import { boundByMemory, threadWorth, wantsHelp } from './survey-plan.ts';
import { runTask } from './survey-run.ts';
import { type Awaited, abandoned, type SurveyContext, type Surveyed, SurveyTask, workKey } from './survey-task.ts';
import { SurveyThread } from './survey-thread.ts';

/** How many layers of a registry the main thread reads at once, where it does without threads: mostly it waits. */
const remoteHere = 4;

/** Settings of a {@link SurveyPool}. */
export interface SurveyPoolOptions {
  /** Most threads, the main one included where it surveys; as many as cores when absent. Memory may bear fewer. */
  readonly jobs?: number | undefined;
  /** Whether the main thread surveys too, in small steps. It does unless said otherwise. */
  readonly mainWorks?: boolean | undefined;
  /** For tests: the file that a thread runs, and how. */
  readonly thread?: ThreadFile | undefined;
}

/**
 * Surveys layers on a bounded number of threads, for all images that a process scans: the largest layer that waits is
 * always the next. Threads start when there is work that is worth one, and stay for the next image. What two images
 * share is read once, also while they are scanned at the same time.
 */
export class SurveyPool {
  readonly #jobs: number;
  readonly #mainWorks: boolean;
  readonly #thread: SurveyPoolOptions['thread'];
  readonly #threads = new Set<SurveyThread>();
  /** Waiting, the largest last. */
  readonly #queue: SurveyTask[] = [];
  readonly #tasks = new Map<string, SurveyTask>();
  /** Threads that have something to do. */
  readonly #busy = new Set<SurveyThread>();
  /** What the main thread reads now. */
  readonly #here = new Set<SurveyTask>();
  #scheduled = false;
  #closed = false;

  constructor(options: SurveyPoolOptions = {}) {
    this.#jobs = boundByMemory(options.jobs ?? availableParallelism());
    this.#thread = options.thread ?? bundledThread();
    this.#mainWorks = (options.mainWorks ?? true) || this.#thread === undefined || this.#jobs === 1;
  }

  /** The survey of a layer, its digests checked. */
  survey(blob: LayerBlob, context: SurveyContext): Awaited<Surveyed> {
    return this.#want<Surveyed>('survey', blob, context);
  }

  /** The digest that a local layer's blob has, without unpacking it. */
  digest(blob: LayerBlob, context: SurveyContext): Awaited<Digest> {
    return this.#want<Digest>('digest', blob, context);
  }

  /** Ends all threads; work that is not done fails. */
  close(): void {
    this.#closed = true;
    for (const task of this.#tasks.values()) this.#abandon(task);
    for (const thread of this.#threads) thread.end();
  }

  #want<T>(kind: SurveyTask['kind'], blob: LayerBlob, context: SurveyContext): Awaited<T> {
    const task = (this.#tasks.get(workKey(kind, blob, context)) ?? this.#add(kind, blob, context)) as SurveyTask<T>;
    task.waiters++;
    let left = false;
    return {
      result: task.result,
      leave: () => {
        if (left) return;
        left = true;
        if (--task.waiters === 0) this.#abandon(task as SurveyTask);
      },
    };
  }

  #add(kind: SurveyTask['kind'], blob: LayerBlob, context: SurveyContext): SurveyTask {
    const task = new SurveyTask(kind, blob, context);
    if (this.#closed) {
      task.reject(abandoned());
      return task;
    }
    this.#tasks.set(task.key, task);
    const at = this.#queue.findIndex((other) => other.weight > task.weight);
    this.#queue.splice(at < 0 ? this.#queue.length : at, 0, task);
    this.#schedule();
    return task;
  }

  /** Work is dealt out when all that is wanted now is known: otherwise the first layer would always be the largest. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#deal();
    });
  }

  #deal(): void {
    while (this.#queue.length > 0) {
      const here = this.#mainWorks ? this.#queue.findLastIndex((task) => this.#fitsHere(task)) : -1;
      // The main thread is there already, when a thread has yet to start.
      if (here >= 0) this.#start(here, undefined);
      else {
        const worth = !this.#mainWorks || this.#waitingBytes >= threadWorth;
        const thread = this.#idleThread() ?? (worth ? this.#newThread() : undefined);
        if (!thread) return;
        this.#start(this.#queue.length - 1, thread);
      }
    }
  }

  /** Whether the main thread takes the task: a local one when it has none, one of a registry when no thread is worth it. */
  #fitsHere(task: SurveyTask): boolean {
    if (this.#free < 1) return false;
    if (task.local) return this.#here.size === 0;
    if (this.#here.size >= remoteHere || [...this.#here].some((other) => other.local)) return false;
    return !this.#canThread || (this.#threads.size === 0 && this.#waitingBytes < threadWorth);
  }

  get #canThread(): boolean {
    return this.#thread !== undefined && this.#jobs > 1;
  }

  /** How many more threads may work; what the main one does at the same time counts once. */
  get #free(): number {
    return this.#jobs - this.#busy.size - (this.#here.size > 0 && this.#canThread ? 1 : 0);
  }

  get #waitingBytes(): number {
    return this.#queue.reduce((sum, { weight }) => sum + weight, 0);
  }

  #idleThread(): SurveyThread | undefined {
    if (this.#free < 1) return undefined;
    for (const thread of this.#threads) if (!this.#busy.has(thread)) return thread;
    return undefined;
  }

  #newThread(): SurveyThread | undefined {
    if (this.#free < 1 || !this.#canThread || !this.#thread) return undefined;
    const { file, options } = this.#thread;
    const thread: SurveyThread = new SurveyThread(file, () => this.#lost(thread), options);
    this.#threads.add(thread);
    return thread;
  }

  #lost(thread: SurveyThread): void {
    this.#threads.delete(thread);
    this.#schedule();
  }

  #start(at: number, thread: SurveyThread | undefined): void {
    const [task] = this.#queue.splice(at, 1);
    if (!task) return;
    task.context.onStart?.(task.blob);
    if (thread) this.#busy.add(thread);
    else this.#here.add(task);
    const helper = this.#helper(task);
    if (helper) this.#busy.add(helper);
    const done = () => {
      task.stop = undefined;
      this.#here.delete(task);
      for (const used of [thread, helper]) if (used) this.#busy.delete(used);
      if (this.#tasks.get(task.key) === task) this.#tasks.delete(task.key);
      this.#schedule();
    };
    runTask(task, thread, helper).finally(done).then(task.resolve, task.reject);
  }

  /** A thread that has nothing better to do than to hash what this task unpacks. */
  #helper(task: SurveyTask): SurveyThread | undefined {
    if (task.kind !== 'survey' || !task.packed || !this.#canThread) return undefined;
    const idle = this.#idleThread();
    const waiting = this.#queue.map(({ weight }) => weight);
    if (!wantsHelp({ size: task.weight, waiting, free: this.#free, ready: idle !== undefined })) return undefined;
    return idle ?? this.#newThread();
  }

  #abandon(task: SurveyTask): void {
    const at = this.#queue.indexOf(task);
    if (at >= 0) this.#queue.splice(at, 1);
    if (this.#tasks.get(task.key) === task) this.#tasks.delete(task.key);
    task.reject(abandoned());
    task.stop?.();
  }
}
