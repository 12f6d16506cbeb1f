// Which component shows which workspace. One that is not named here has no place on the rail.

import type { ComponentType } from "react";
import { AccountsView } from "../accounts/accounts-view";
import { HealthView } from "../health/health-view";
import type { Person } from "../ipc/wire";
import { MapView } from "../map/map-view";
import { SettingsView } from "../settings/settings-view";
import { InventoryView } from "../stock/inventory-view";
import { MeView } from "../me/me-view";
import { RecordsView } from "../records/records-view";
import { mayOpen, WORKSPACES, type Workspace } from "./workspaces";

export const SHOWN: Partial<Record<Workspace, ComponentType>> = {
  map: MapView,
  health: HealthView,
  inventory: InventoryView,
  settings: SettingsView,
  accounts: AccountsView,
  records: RecordsView,
  me: MeView,
};

/** What stands on the rail for that person. */
export function offered(person: Person | null): Workspace[] {
  return WORKSPACES.filter((workspace) => (workspace === "wall" || SHOWN[workspace]) && mayOpen(person, workspace));
}
