import { bodyPass } from '../../catalog/body-pass.ts';
import type { LayerLook } from '../../catalog/looking/contract.ts';
import { surveyImage } from '../../catalog/survey-image.ts';
import { walkAgain } from '../../catalog/survey-layer.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { LayerSurvey } from '../../model/survey.ts';
import type { OpenedImage } from '../../source/contract.ts';
import { ecosystemsOf } from '../gather.ts';
import type { Look, ScanOptions } from '../options.ts';
import type { FoundBeside, LookedInto } from './contract.ts';
import { imageSecrets } from './image-secrets.ts';
import { layerLookOf } from './layer-look.ts';
import { LaidLayers, lookBeside } from './look.ts';

/** Looks into an image that was not looked into by the same before. @throws SluiceError when a layer can't be read */
export async function lookAnew(
  evidence: Evidence,
  opened: OpenedImage,
  look: Look,
  options: ScanOptions,
): Promise<FoundBeside> {
  const layerLook = await layerLookOf(look);
  const surveys = options.surveyed?.all ?? (await surveyed(opened, layerLook, options));
  const { layers, open } = opened;
  const laid = new LaidLayers(surveys, evidence.packages);
  const looked: LookedInto = {
    ...{ evidence, surveys, ecosystems: await ecosystemsOf(options) },
    get owners() {
      return laid.owners;
    },
    places: {
      get standing() {
        return laid.standing;
      },
      baseLayers: evidence.target.base?.layers ?? 0,
    },
    async readBodies(bodies) {
      for (const [layer, wanted] of bodies) {
        const blob = layers[layer];
        // A layer that is gone by its index is not read for this: what is missing is told by whoever waits for it.
        if (!blob || wanted.size === 0 || surveys[layer]?.read === 'index') continue;
        options.onProgress?.(`reading layer ${layer + 1} of ${layers.length} for the rules`);
        await walkAgain(blob, bodyPass(wanted), open);
      }
    },
  };
  const facts = evidence.image;
  return lookBeside(looked, options, look, layerLook, facts && ((scanner) => imageSecrets(opened, facts, scanner)));
}

/** The surveys of layers of which all but this is known. */
function surveyed(opened: OpenedImage, look: LayerLook | undefined, options: ScanOptions): Promise<LayerSurvey[]> {
  const { caches, shared, jobs, pool } = options;
  return ecosystemsOf(options).then((ecosystems) =>
    surveyImage(opened.layers, {
      ...{ ecosystems, look, open: opened.open, readRange: opened.readRange },
      ...{ cache: caches?.layers, shared, jobs, pool },
      onLayerState: options.onLayerState,
      onLayer: (done, all) => options.onProgress?.(`layer ${done} of ${all}`),
    }),
  );
}
