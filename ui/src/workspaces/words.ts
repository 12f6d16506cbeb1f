import { Activity, ClipboardList, Database, LayoutGrid, Map, Scale, Settings, UserRound, UsersRound, type LucideIcon } from "lucide-react";
import { m } from "../paraglide/messages.js";
import type { Workspace } from "./workspaces";

export const ICONS: Record<Workspace, LucideIcon> = {
  wall: LayoutGrid,
  map: Map,
  health: Activity,
  inventory: Database,
  accounts: UsersRound,
  records: ClipboardList,
  me: UserRound,
  settings: Settings,
  incidents: Scale,
};

/** Short enough for the rail. */
export function shortName(workspace: Workspace): string {
  switch (workspace) {
    case "wall":
      return m.page_work_wall_short();
    case "map":
      return m.page_work_map();
    case "health":
      return m.page_work_health();
    case "inventory":
      return m.page_work_inventory_short();
    case "accounts":
      return m.page_work_accounts();
    case "records":
      return m.page_work_records_short();
    case "me":
      return m.page_work_me_short();
    case "settings":
      return m.page_work_settings();
    case "incidents":
      return m.page_work_incidents_short();
  }
}

/** As the tooltip and the heading say it. */
export function fullName(workspace: Workspace): string {
  switch (workspace) {
    case "wall":
      return m.page_work_wall();
    case "map":
      return m.page_work_map_full();
    case "health":
      return m.page_work_health_full();
    case "inventory":
      return m.page_work_inventory();
    case "accounts":
      return m.page_work_accounts();
    case "records":
      return m.page_work_records();
    case "me":
      return m.page_work_me();
    case "settings":
      return m.page_work_settings();
    case "incidents":
      return m.page_work_incidents();
  }
}
