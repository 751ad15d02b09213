/** What verified provenance says; nothing as long as no attestation is verified. */
export class ProvenanceView {
  readonly builder: string = '';
  readonly source: string = '';
  readonly revision: string = '';
  readonly level: number = 0;
}
