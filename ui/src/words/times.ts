// Times as the reader's language writes them. What is told of the past is told in two ways: how long ago, for the eye
// that runs over a list, and exactly, for the report.

import type { Language } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { locale, measured } from "./numbers";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a row of a table may. */
function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale(language), { hourCycle: "h23", ...options });
  formats.set(key, made);
  return made;
}

/** 14:05 today, else with its day: 14:05 21/11. Milliseconds since 1970. */
export function clock(at: number, language: Language, now = Date.now()): string {
  const time = format(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  if (sameDay(at, now)) return time;
  return `${time} ${dayAndMonth(at, language)}`;
}

/** Day and month alone come in other signs on other systems; within a whole date they don't. */
function dayAndMonth(at: number, language: Language): string {
  const parts = format(language, { day: "2-digit", month: "2-digit", year: "numeric" }).formatToParts(at);
  const part = (type: "day" | "month") => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("day")}/${part("month")}`;
}

/** To the second, for a report: 21/11/2026 14:05:09. */
export function exactly(at: number, language: Language): string {
  const date = format(language, { day: "2-digit", month: "2-digit", year: "numeric" }).format(at);
  const time = format(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
  return `${date} ${time}`;
}

/** "5 phút trước", in the largest unit that is full. */
export function ago(at: number, language: Language, now = Date.now()): string {
  const [amount, unit] = inLargestUnit(Math.max(0, now - at));
  return new Intl.RelativeTimeFormat(locale(language), { numeric: "always" }).format(-amount, unit);
}

/** How long something lasts: "5 phút". Milliseconds. */
export function lasting(milliseconds: number, language: Language): string {
  const [amount, unit] = inLargestUnit(Math.max(0, milliseconds));
  return new Intl.NumberFormat(locale(language), { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

function inLargestUnit(milliseconds: number): [number, "second" | "minute" | "hour" | "day"] {
  if (milliseconds >= DAY) return [Math.floor(milliseconds / DAY), "day"];
  if (milliseconds >= HOUR) return [Math.floor(milliseconds / HOUR), "hour"];
  if (milliseconds >= MINUTE) return [Math.floor(milliseconds / MINUTE), "minute"];
  return [Math.floor(milliseconds / SECOND), "second"];
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

const collators = new Map<Language, Intl.Collator>();

/** In the order of the language's alphabet, numbers by their value: "Phòng 9" before "Phòng 10". */
export function inOrder(a: string, b: string, language: Language): number {
  let collator = collators.get(language);
  if (!collator) {
    collator = new Intl.Collator(locale(language), { numeric: true, sensitivity: "variant" });
    collators.set(language, collator);
  }
  return collator.compare(a, b);
}

/** How wrong a device's clock is. */
export function clockInWords(ahead: number, language: Language): string {
  const seconds = measured(Math.abs(ahead), language);
  return ahead > 0 ? m.page_board_clock_ahead({ seconds }) : m.page_board_clock_behind({ seconds });
}
