// Days and times as people type them: 22/11/2026 07:30, both languages alike. And the spans that are asked for most.

/** Milliseconds since 1970, local time; null: not a date; undefined: nothing was typed. */
export function readDate(text: string, now: number): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const match = /^(?:(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?)?\s*(?:(\d{1,2})[:h](\d{2})?(?::(\d{2}))?)?$/.exec(trimmed);
  if (!match) return null;
  const [, day, month, year, hour = "0", minute = "0", second = "0"] = match;
  const today = new Date(now);
  const fullYear = year === undefined ? today.getFullYear() : Number(year) + (year.length === 2 ? 2000 : 0);
  const parts = day === undefined ? [today.getFullYear(), today.getMonth() + 1, today.getDate()] : [fullYear, Number(month), Number(day)];
  const [y = 0, mo = 0, d = 0] = parts;
  const [h, mi, s] = [Number(hour), Number(minute), Number(second)];
  const date = new Date(y, mo - 1, d, h, mi, s);
  const real = date.getMonth() === mo - 1 && date.getDate() === d && h < 24 && mi < 60 && s < 60;
  return real ? date.getTime() : null;
}

/** As `readDate` reads it. */
export function writeDate(at: number | null): string {
  if (at === null) return "";
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

export type Span = "hour" | "today" | "yesterday" | "week" | "all" | "own";

const HOUR = 3_600_000;

/** From and until; days begin at midnight here. */
export function spanOf(span: Exclude<Span, "own">, now: number): { from: number | null; until: number | null } {
  const midnight = (daysAgo: number) => {
    const date = new Date(now);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo).getTime();
  };
  switch (span) {
    case "hour":
      return { from: now - HOUR, until: null };
    case "today":
      return { from: midnight(0), until: null };
    case "yesterday":
      return { from: midnight(1), until: midnight(0) };
    case "week":
      return { from: midnight(6), until: null };
    case "all":
      return { from: null, until: null };
  }
}
