import type { LayerSurvey, LookedFor } from '../../model/survey.ts';

/** Whether a survey looked for all that is wanted, by the versions that are wanted. */
export function hasLooked({ looked }: LayerSurvey, wanted: LookedFor | undefined): boolean {
  if (!wanted) return true;
  return (['secrets', 'documents', 'licences'] as const).every(
    (part) => wanted[part] === undefined || wanted[part] === looked?.[part],
  );
}
