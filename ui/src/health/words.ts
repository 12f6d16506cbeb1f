import { Activity, CircleCheck, CircleDashed, CircleHelp, CircleOff, TriangleAlert, type LucideIcon } from "lucide-react";
import type { Condition } from "../ipc/wire";
import { m } from "../paraglide/messages.js";

/** Each another shape: colour alone tells nobody anything. */
export const CONDITION_ICONS: Record<Condition, LucideIcon> = {
  dark: CircleOff,
  unwell: TriangleAlert,
  waiting: CircleDashed,
  unknown: CircleHelp,
  live: Activity,
  well: CircleCheck,
};

export function conditionInWords(condition: Condition): string {
  switch (condition) {
    case "dark":
      return m.page_condition_dark();
    case "unwell":
      return m.page_condition_unwell();
    case "waiting":
      return m.page_condition_waiting();
    case "unknown":
      return m.page_condition_unknown();
    case "live":
      return m.page_condition_live();
    case "well":
      return m.page_condition_well();
  }
}
