// Names of cameras and sites are content: whatever stands in them, they may not turn the text around them.

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** A name for use inside a sentence. In markup of its own, `<bdi>` does the same. */
export function isolated(name: string): string {
  return `${FIRST_STRONG_ISOLATE}${name}${POP_ISOLATE}`;
}
