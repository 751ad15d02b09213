declare module 'spdx-expression-parse' {
  /** One licence, or two expressions that an operator joins. */
  export type Info =
    | { readonly license: string; readonly plus?: true; readonly exception?: string }
    | { readonly left: Info; readonly conjunction: 'and' | 'or'; readonly right: Info };
  /** @throws Error for what is no SPDX licence expression */
  export default function parse(source: string): Info;
}
