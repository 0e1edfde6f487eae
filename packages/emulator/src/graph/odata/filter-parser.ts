/**
 * Parser of `$filter` expressions: comparisons, `and or not`, `in`, string functions and lambdas over collections.
 *
 * @see OData 4.01 Part 2, section 5.1.1
 */

/** A literal of an expression. */
export type FilterLiteral = string | number | boolean | null;

/** A parsed expression. */
export type FilterNode =
  | { readonly kind: "and" | "or"; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: "not"; readonly operand: FilterNode }
  | {
      readonly kind: "compare";
      readonly operator: "eq" | "ne" | "gt" | "ge" | "lt" | "le";
      readonly left: FilterOperand;
      readonly right: FilterOperand;
    }
  | { readonly kind: "in"; readonly left: FilterOperand; readonly values: readonly FilterLiteral[] }
  | {
      readonly kind: "match";
      readonly method: "startswith" | "endswith" | "contains";
      readonly target: FilterOperand;
      readonly argument: FilterOperand;
    }
  | {
      readonly kind: "lambda";
      readonly quantifier: "any" | "all";
      readonly collection: readonly string[];
      readonly variable: string;
      /** Absent for `any()`. */
      readonly condition: FilterNode | undefined;
    }
  | { readonly kind: "truth"; readonly operand: FilterOperand };

/** One side of a comparison. */
export type FilterOperand =
  | { readonly kind: "literal"; readonly value: FilterLiteral }
  | { readonly kind: "path"; readonly path: readonly string[] }
  | { readonly kind: "lower" | "upper" | "length"; readonly of: FilterOperand }
  | { readonly kind: "cast"; readonly of: FilterOperand; readonly type: FilterType };

/** What a value may be cast to: extended properties hold texts, whatever their type is. */
export type FilterType = "number" | "boolean" | "guid" | "text";

/** What is wrong with an expression. */
export class FilterSyntaxError extends Error {}

interface Token {
  readonly kind: "word" | "string" | "number" | "mark" | "end";
  readonly text: string;
  readonly at: number;
}

const CAST_TYPES: ReadonlyMap<string, FilterType> = new Map([
  ...["int16", "int32", "int64", "single", "double", "decimal"].map((name) => [name, "number"] as const),
  ...["string", "datetimeoffset"].map((name) => [name, "text"] as const),
  ["boolean", "boolean"],
  ["guid", "guid"],
]);
const COMPARISONS = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);
const DEPTH_LIMIT = 100;

/**
 * Parses an expression.
 *
 * @param text - value of `$filter`, decoded
 * @returns the tree
 * @throws {FilterSyntaxError} when the text is no expression that this parser knows
 */
export function parseFilter(text: string): FilterNode {
  const parser = new FilterParser(tokenise(text));
  const node = parser.parseOr(0);
  parser.expectEnd();
  return node;
}

/** The type in front of an enumeration's value, `microsoft.graph.eventType'exception'`, says nothing new. */
function tokenise(text: string): Token[] {
  const pattern =
    /\s*(?:(?:[a-z_]\w*(?:\.\w+)+)?('(?:[^']|'')*')|(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![\w-])|(-?\d+(?:\.\d+)?)(?!\w)|([A-Za-z_@][\w.@]*(?:\/[A-Za-z_@][\w.@]*)*(?:\/\$count)?)|([(),:]))/giy;
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw new FilterSyntaxError(`Syntax error at position ${at} in '${text}'.`);
    const [, quoted, date, number, word, mark] = match;
    if (quoted !== undefined)
      tokens.push({ kind: "string", text: quoted.slice(1, -1).replaceAll("''", "'"), at });
    else if (date !== undefined) tokens.push({ kind: "string", text: date, at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else tokens.push({ kind: "mark", text: mark ?? "", at });
    at = pattern.lastIndex;
  }
  tokens.push({ kind: "end", text: "", at });
  return tokens;
}

class FilterParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parseOr(depth: number): FilterNode {
    if (depth > DEPTH_LIMIT) throw new FilterSyntaxError("The filter is nested too deeply.");
    let node = this.#parseAnd(depth);
    while (this.#takeWord("or")) node = { kind: "or", left: node, right: this.#parseAnd(depth) };
    return node;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token.kind !== "end") throw this.#unexpected(token);
  }

  #parseAnd(depth: number): FilterNode {
    let node = this.#parseUnary(depth);
    while (this.#takeWord("and")) node = { kind: "and", left: node, right: this.#parseUnary(depth) };
    return node;
  }

  #parseUnary(depth: number): FilterNode {
    if (depth > DEPTH_LIMIT) throw new FilterSyntaxError("The filter is nested too deeply.");
    if (this.#takeWord("not")) return { kind: "not", operand: this.#parseUnary(depth + 1) };
    if (this.#takeMark("(")) {
      const node = this.parseOr(depth + 1);
      this.#expectMark(")");
      return node;
    }
    return this.#parseComparison(depth);
  }

  #parseComparison(depth: number): FilterNode {
    const token = this.#peek();
    const next = this.#tokens[this.#at + 1];
    if (token.kind === "word" && next?.text === "(" && next.kind === "mark") {
      const name = token.text.toLowerCase();
      if (name === "startswith" || name === "endswith" || name === "contains") return this.#parseMatch(name);
      if (/\/(any|all)$/.test(name)) return this.#parseLambda(depth);
    }
    const left = this.#parseOperand();
    const operator = this.#peek().text.toLowerCase();
    if (this.#takeWord("in")) return { kind: "in", left, values: this.#parseList() };
    if (!COMPARISONS.has(operator)) return { kind: "truth", operand: left };
    this.#at += 1;
    return { kind: "compare", operator: operator as "eq", left, right: this.#parseRight() };
  }

  /** The documentation writes a value to compare with also in parentheses. */
  #parseRight(): FilterOperand {
    if (!this.#takeMark("(")) return this.#parseOperand();
    const token = this.#peek();
    if (token.kind === "mark") throw this.#unexpected(token);
    const operand = this.#parseOperand();
    this.#expectMark(")");
    return operand;
  }

  #parseCast(): FilterOperand {
    this.#expectMark("(");
    const of = this.#parseOperand();
    this.#expectMark(",");
    const name = this.#next();
    const type = CAST_TYPES.get(/^edm\.(\w+)$/i.exec(name.text)?.[1]?.toLowerCase() ?? "");
    if (name.kind !== "word" || type === undefined) throw this.#unexpected(name);
    this.#expectMark(")");
    return { kind: "cast", of, type };
  }

  #parseMatch(method: "startswith" | "endswith" | "contains"): FilterNode {
    this.#at += 2;
    const target = this.#parseOperand();
    this.#expectMark(",");
    const argument = this.#parseOperand();
    this.#expectMark(")");
    return this.#parseTruth({ kind: "match", method, target, argument });
  }

  /** `startswith(x,'y') eq true` is a spelling that some libraries write. */
  #parseTruth(node: FilterNode): FilterNode {
    if (!this.#takeWord("eq")) return node;
    const wanted = this.#next();
    const word = wanted.text.toLowerCase();
    if (wanted.kind !== "word" || (word !== "true" && word !== "false")) throw this.#unexpected(wanted);
    return word === "false" ? { kind: "not", operand: node } : node;
  }

  #parseLambda(depth: number): FilterNode {
    const path = this.#next().text.split("/");
    const quantifier = (path.pop() ?? "").toLowerCase() as "any" | "all";
    this.#expectMark("(");
    if (this.#takeMark(")"))
      return this.#parseTruth({
        kind: "lambda",
        quantifier,
        collection: path,
        variable: "",
        condition: undefined,
      });
    const variable = this.#next().text;
    this.#expectMark(":");
    const condition = this.parseOr(depth + 1);
    this.#expectMark(")");
    return this.#parseTruth({ kind: "lambda", quantifier, collection: path, variable, condition });
  }

  #parseList(): FilterLiteral[] {
    const values: FilterLiteral[] = [];
    this.#expectMark("(");
    do {
      const operand = this.#parseOperand();
      if (operand.kind !== "literal") throw this.#unexpected(this.#peek());
      values.push(operand.value);
    } while (this.#takeMark(","));
    this.#expectMark(")");
    return values;
  }

  #parseOperand(): FilterOperand {
    const token = this.#next();
    if (token.kind === "string") return { kind: "literal", value: token.text };
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind !== "word") throw this.#unexpected(token);
    const lower = token.text.toLowerCase();
    if (lower === "true" || lower === "false") return { kind: "literal", value: lower === "true" };
    if (lower === "null") return { kind: "literal", value: null };
    const functions: Readonly<Record<string, "lower" | "upper" | "length">> = {
      tolower: "lower",
      toupper: "upper",
      length: "length",
    };
    if (this.#peek().text !== "(") return { kind: "path", path: token.text.split("/") };
    if (lower === "cast") return this.#parseCast();
    const kind = Object.hasOwn(functions, lower) ? functions[lower] : undefined;
    if (kind === undefined)
      throw new FilterSyntaxError(`An unknown function with name '${token.text}' was found.`);
    this.#expectMark("(");
    const of = this.#parseOperand();
    this.#expectMark(")");
    return { kind, of };
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", at: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #takeMark(mark: string): boolean {
    const token = this.#peek();
    if (token.kind !== "mark" || token.text !== mark) return false;
    this.#at += 1;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) throw this.#unexpected(this.#peek());
  }

  #unexpected(token: Token): FilterSyntaxError {
    return new FilterSyntaxError(
      token.kind === "end"
        ? "The filter ends too early."
        : `Syntax error: '${token.text}' at position ${token.at} was not expected.`,
    );
  }
}
