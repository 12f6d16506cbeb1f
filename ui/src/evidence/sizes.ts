// Amounts of data as people write them.

import type { Language } from "../ipc/wire";
import { measured } from "../words/numbers";

const UNITS = ["kB", "MB", "GB", "TB"];

/** 9,2 MB and 134 GB. */
export function sizeInWords(bytes: number, language: Language): string {
  const unit = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 1), UNITS.length);
  return `${measured(bytes / 1000 ** unit, language)}\u00a0${UNITS[unit - 1] ?? ""}`;
}
