/**
 * An expression as it is evaluated: plain JSON, so that a policy that was read and checked once need not be read again.
 * Integers and doubles are both numbers; `int` marks where CEL's whole-number arithmetic is meant.
 */
export type Node =
  | { readonly op: 'const'; readonly value: string | number | boolean | null }
  | { readonly op: 'var'; readonly name: string }
  | { readonly op: 'field'; readonly of: Node; readonly name: string }
  /** A value of a map or list; failing where it is not there. */
  | { readonly op: 'index'; readonly of: Node; readonly at: Node }
  /** Whether a map has an entry, or a field is not empty. */
  | { readonly op: 'has'; readonly of: Node; readonly name: string }
  | { readonly op: 'list'; readonly items: readonly Node[] }
  | { readonly op: 'not' | 'negate'; readonly of: Node }
  | { readonly op: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | {
      readonly op: 'compare';
      readonly by: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly op: 'arithmetic';
      readonly by: '+' | '-' | '*' | '/' | '%';
      readonly int: boolean;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly op: 'choose'; readonly test: Node; readonly then: Node; readonly otherwise: Node }
  /** A function by its signature's name; what it is called on is the first argument. */
  | { readonly op: 'call'; readonly fn: string; readonly args: readonly Node[] }
  | {
      readonly op: 'loop';
      readonly by: 'exists' | 'all' | 'exists_one' | 'filter' | 'map';
      readonly over: Node;
      readonly name: string;
      /** Of `map` with three arguments: what is mapped. */
      readonly where?: Node;
      readonly body: Node;
    };

/** A checked expression. */
export interface Expression {
  /** As the user wrote it. */
  readonly text: string;
  readonly node: Node;
  /** Fields that it reads, such as `finding.severity`, sorted. */
  readonly reads: readonly string[];
}
