// Counted things, in the form that the language has for the number.

import type { Language } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { getLocale } from "../paraglide/runtime.js";
import { locale, whole } from "./numbers";

type Counted = (inputs: { count: string }) => string;

function counted(count: number, one: Counted, other: Counted): string {
  const language: Language = getLocale();
  const form = new Intl.PluralRules(locale(language)).select(count) === "one" ? one : other;
  return form({ count: whole(count, language) });
}

export const cameras = (count: number) => counted(count, m.page_cameras_one, m.page_cameras_other);
export const streams = (count: number) => counted(count, m.page_figure_streams_one, m.page_figure_streams_other);
export const results = (count: number) => counted(count, m.page_results_count_one, m.page_results_count_other);
export const wallsLeftOpen = (count: number) => counted(count, m.page_close_text_one, m.page_close_text_other);
export const workstations = (count: number) => counted(count, m.page_sharing_with_one, m.page_sharing_with_other);
export const accounts = (count: number) => counted(count, m.page_accounts_count_one, m.page_accounts_count_other);
export const districts = (count: number) => counted(count, m.page_districts_one, m.page_districts_other);
export const sites = (count: number) => counted(count, m.page_sites_one, m.page_sites_other);
export const camerasLost = (count: number) => counted(count, m.page_news_lost_one, m.page_news_lost_other);
export const camerasBack = (count: number) => counted(count, m.page_news_back_one, m.page_news_back_other);
export const stops = (count: number) => counted(count, m.page_tour_stops_one, m.page_tour_stops_other);
export const records = (count: number) => counted(count, m.page_records_count_one, m.page_records_count_other);
