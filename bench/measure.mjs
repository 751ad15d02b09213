// Runs one command and measures it: wall time, CPU of all its threads, largest resident memory.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const usage = fileURLToPath(new URL('usage.cjs', import.meta.url));

/** How often a program that is not Node is asked for its memory, in milliseconds. */
const pollMs = 10;

/** A clock tick of /proc in milliseconds: Linux shows 100 a second to every program. */
const tickMs = 10;

/**
 * The environment of all children. Node 20 reads NODE_EXTRA_CA_CERTS at its start, which takes it longer than the rest
 * of the start; NODE_OPTIONS and SLUICE_… would change what is measured.
 */
function cleanEnv(more) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_|SLUICE_)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Runs `{ node | command, args, ok, env }` once. Figures that this system can't tell are undefined. */
export async function measure(spec) {
  const isNode = spec.command === undefined;
  const command = isNode ? process.execPath : spec.command;
  const args = isNode ? ['-r', usage, ...spec.args] : spec.args;
  const stdio = ['ignore', spec.keepOutput ? 'pipe' : 'ignore', 'pipe', isNode ? 'pipe' : 'ignore'];
  const ticks = childTicks();
  const begin = process.hrtime.bigint();
  const child = spawn(command, args, { stdio, env: cleanEnv(spec.env) });
  const [output, errors, told] = [gather(child.stdout), gather(child.stderr), gather(child.stdio[3])];
  let peak;
  const poll = isNode ? undefined : setInterval(() => (peak = highWater(child.pid) ?? peak), pollMs);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  const wall = Number(process.hrtime.bigint() - begin) / 1e6;
  clearInterval(poll);
  await ended;
  if (!(spec.ok ?? [0]).includes(code)) {
    throw new Error(`${spec.name}: exit code ${code}\n${errors().slice(-2000)}`);
  }
  const figures = isNode ? ownFigures(told()) : { cpu: cpuSince(ticks), rss: peak };
  return { wall, ...figures, output: output() };
}

function gather(stream) {
  const pieces = [];
  stream?.on('data', (piece) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString('utf8');
}

function ownFigures(text) {
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(text);
  return { cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS / 1024 };
}

/** The largest resident memory of a running process in MiB (proc(5), VmHWM). */
function highWater(pid) {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found ? Number(found[1]) / 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** CPU ticks of all children that have ended (proc(5), cutime and cstime). */
function childTicks() {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[13]) + Number(fields[14]);
  } catch {
    return undefined;
  }
}

function cpuSince(before) {
  const after = childTicks();
  return before === undefined || after === undefined ? undefined : (after - before) * tickMs;
}

/** Least, median and all values of one figure over the runs. */
export function summary(values) {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (known.length === 0) return undefined;
  const middle = known.length >> 1;
  const median = known.length % 2 === 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
  return { min: round(known[0]), median: round(median), runs: values.map((value) => round(value ?? 0)) };
}

function round(value) {
  return Math.round(value * 100) / 100;
}
