import { type Given, giveArtifact } from '../../advisory/artifact/give.ts';
import { parseArtifactReference, RegistrySink } from '../../advisory/artifact/registry.ts';
import { removeUnfinished, storeFolder } from '../../advisory/store-files.ts';
import { formatReference } from '../../model/reference.ts';
import { sizeText } from '../../report/text-size.ts';
import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import type { Action } from '../actions.ts';
import { cacheDirOf } from '../cache-dir.ts';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { onInterruption } from '../interruption.ts';
import { print } from '../print.ts';
import { Progress } from '../terminal.ts';
import { signerOf, signKeyFlag } from './keys.ts';
import { checkOnline, registryFlags } from './pull.ts';
import { commonFlags, operandOf } from './taken.ts';

/** `sluice db push`: leaves the data in force in a registry, for others to pull. */
export const action: Action = {
  examples: [{ line: 'sluice db push registry.example/security/sluice-db', doc: 'once a day, for all runners' }],
  flags: [signKeyFlag, ...registryFlags, ...commonFlags],
  operands: 1,
  run: push,
};

async function push(given: Flags, { env, version }: Invocation): Promise<number> {
  const reference = parseArtifactReference(operandOf(given, 'push', 'where to'));
  if (reference.digest !== undefined) {
    throw new SluiceError(
      'usage/reference',
      'what is pushed gets a tag, and its digest is its own',
      'leave @sha256:… out',
    );
  }
  checkOnline(given, 'push', 'sluice db export FILE');
  const signer = signerOf(given, env);
  const progress = new Progress(env, given.on('quiet'), { lines: true });
  const cacheDir = cacheDirOf(given, env);
  onInterruption(() => {
    progress.clear();
    removeUnfinished(storeFolder(cacheDir));
  });
  const sink = new RegistrySink(reference, {
    insecure: given.on('insecure'),
    offline: false,
    env,
    onWarning: (message) => progress.say(message),
  });
  try {
    const pushed = await giveArtifact(sink, {
      cacheDir,
      version,
      onProgress: ({ name, done, total }) => progress.say(`push ${name} (${done} of ${total})`),
      ...(signer ? { signer } : {}),
    });
    progress.clear();
    if (!given.on('quiet')) print(summary(formatReference(reference), pushed, signer !== undefined));
  } finally {
    progress.clear();
    sink.close();
  }
  return 0;
}

function summary(name: string, pushed: Given, signed: boolean): string {
  const { manifest, snapshot, layers, movedLayers, movedBytes } = pushed;
  const what = `${movedLayers} of ${layers} layers were new, ${sizeText(movedBytes)} moved`;
  return `pushed ${harmless(name)}@${manifest}\nsnapshot ${snapshot}\n${what}${signed ? ', signed' : ''}\n`;
}
