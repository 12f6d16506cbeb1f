import type { RecordFilter } from "../ipc/wire";
import { spanOf, type Span } from "./dates";

export const NO_FILTER: RecordFilter = { from: null, until: null, account: null, kinds: [], subject: null, text: null };

export function spanned(filter: RecordFilter, span: Exclude<Span, "own">, now: number): RecordFilter {
  return { ...filter, ...spanOf(span, now) };
}
