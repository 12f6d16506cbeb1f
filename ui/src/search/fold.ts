// Text as the search compares it. Vietnamese is often typed without its marks, and stored composed or decomposed.

export type Folded = {
  /** Without marks, lower case, single spaces. */
  plain: string;
  /** For each character of `plain`, and one behind the last, where in the original it begins. */
  origin: number[];
};

const MARKS = /\p{M}+/gu;
// "hoà" and "hòa" are the same syllable in the new and the old spelling: the tone is brought to the first vowel.
const NEW_STYLE_TONE = /([ou])([aey])([\u0300\u0301\u0303\u0309\u0323])/g;

function foldCharacter(character: string): string {
  return character.normalize("NFD").replace(MARKS, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** Folds and keeps the way back to the original's letters. */
export function foldWithOrigin(text: string): Folded {
  let plain = "";
  const origin: number[] = [];
  let at = 0;
  for (const character of text) {
    const space = /\s/u.test(character);
    const folded = space ? " " : foldCharacter(character);
    const doubled = space && (plain === "" || plain.endsWith(" "));
    if (!doubled) {
      plain += folded;
      for (let i = 0; i < folded.length; i += 1) origin.push(at);
    }
    at += character.length;
  }
  if (plain.endsWith(" ")) {
    plain = plain.slice(0, -1);
    origin.pop();
  }
  origin.push(at);
  return { plain, origin };
}

export function fold(text: string): string {
  return foldWithOrigin(text).plain;
}

/** Lower case with marks kept, however they were composed and wherever the tone was put. */
export function marked(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(NEW_STYLE_TONE, "$1$3$2")
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .trim();
}
