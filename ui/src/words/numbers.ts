// Numbers as the reader's language writes them.

import type { Language } from "../ipc/wire";

const LOCALES: Record<Language, string> = { vi: "vi-VN", en: "en-GB" };

export function locale(language: Language): string {
  return LOCALES[language];
}

export function whole(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 0 }).format(value);
}

/** One digit behind the comma below 100, none above: 9,2 and 134. */
export function measured(value: number, language: Language): string {
  const digits = value < 99.95 ? 1 : 0;
  return new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A share of 1 in per cent, with a narrow space that does not break: 34 %. */
export function percent(share: number, language: Language): string {
  return `${whole(share * 100, language)}\u202f%`;
}
