import type { Report } from './contract.ts';
import { beginning, createdAt } from './sbom/created.ts';
import { uuidOf } from './sbom/uuid.ts';
import { contentOf } from './spdx/content.ts';
import { tagValueText } from './spdx/tag-value.ts';
import { documentV2, type SpdxMaking } from './spdx/v2.ts';
import { documentV3 } from './spdx/v3.ts';
import { jsonText } from './text-json.ts';

/** SPDX (ISO/IEC 5962): what is in the image. No clock, no path of this machine. */
export const report: Report = {
  id: 'spdx',
  doc: 'SPDX: a bill of materials without vulnerabilities, secrets and settings',
  versions: ['2.3', '3.0.1', '2.3-tag-value'],
  render(evidence, _verdict, { version, variant = '2.3', sourceDateEpoch }) {
    const content = contentOf(evidence);
    const created = createdAt(sourceDateEpoch) ?? beginning;
    // Documents of two forms are two documents, and so are those of two versions of sluice.
    const namespace = uuidOf(jsonText({ variant, created, version, content }));
    const making: SpdxMaking = { namespace, created, version };
    if (variant === '3.0.1') return jsonText(documentV3(content, making));
    const document = documentV2(content, making);
    return variant === '2.3-tag-value' ? tagValueText(document) : jsonText(document);
  },
};
