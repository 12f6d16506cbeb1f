import type { Zone } from "../ipc/wire";
import { m } from "../paraglide/messages.js";

export const ZONES: Zone[] = ["green", "yellow", "orange", "red"];

export function zoneInWords(zone: Zone | null): string {
  switch (zone) {
    case "green":
      return m.page_zone_green();
    case "yellow":
      return m.page_zone_yellow();
    case "orange":
      return m.page_zone_orange();
    case "red":
      return m.page_zone_red();
    case null:
      return m.page_zone_none();
  }
}

/** The letter that the colour begins with, for those who tell colours badly. */
export function zoneLetter(zone: Zone): string {
  switch (zone) {
    case "green":
      return m.page_zone_green_letter();
    case "yellow":
      return m.page_zone_yellow_letter();
    case "orange":
      return m.page_zone_orange_letter();
    case "red":
      return m.page_zone_red_letter();
  }
}

/** A ring of the zone's colour around its letter. */
export function ZoneSign({ zone }: { zone: Zone | null }) {
  return (
    <span className="zone-sign" data-zone={zone ?? "none"} aria-hidden="true">
      {zone ? zoneLetter(zone) : null}
    </span>
  );
}
