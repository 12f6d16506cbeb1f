// Times and speeds of playback as people read them.

import type { Language, PlayedCamera } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { writeDate } from "../records/dates";
import { locale } from "../words/numbers";

/** 16/07/2021 12:03:22, local time. */
export function moment(ms: number): string {
  return `${writeDate(ms)}:${String(new Date(ms).getSeconds()).padStart(2, "0")}`;
}

export function rate(value: number, language: Language): string {
  const text = new Intl.NumberFormat(locale(language), { maximumFractionDigits: 4 }).format(value);
  return `${text.replace("-", "\u2212")}×`;
}

/** What a tile says of its recording. */
export function standing({ standing: how, text, shown, held }: PlayedCamera): string {
  switch (how) {
    case "shown":
      if (held && shown !== null) return m.page_playback_held({ time: moment(shown / 1000) });
      return shown === null ? m.page_playback() : `${m.page_playback()} ${moment(shown / 1000)}`;
    case "hole":
      return m.page_playback_hole();
    case "loading":
      return m.page_playback_loading();
    case "in_line":
      return m.page_playback_in_line();
    case "refused":
      return text;
  }
}
