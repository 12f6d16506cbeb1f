// Accounts in words.

import type { Account, Language, Scope } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import type { Inventory } from "../state/inventory";
import { cameras, districts, sites } from "../words/counts";
import { roleName } from "../words/roles";
import { clock } from "../words/times";
import { statesOf, type State, type Told } from "./rows";

export function stateName(state: State, account: Account, language: Language): string {
  switch (state) {
    case "disabled":
      return m.page_state_disabled();
    case "locked":
      return m.page_state_locked({ until: clock(account.locked_until ?? 0, language) });
    case "must_change":
      return m.page_state_must_change();
    case "second_factor":
      return m.page_state_second_factor();
    case "must_enrol":
      return m.page_state_must_enrol();
    case "from_inventory":
      return m.page_state_from_inventory();
  }
}

/** One place by its name, several by their number. */
export function scopeInWords(scope: Scope, inventory: Inventory): string {
  if (scope.everything) return m.page_scope_everything();
  const [district, site, camera] = [scope.districts[0], scope.sites[0], scope.cameras[0]];
  const count = scope.districts.length + scope.sites.length + scope.cameras.length;
  if (count === 0) return m.page_scope_nothing();
  if (count === 1) {
    if (district !== undefined) return district;
    if (site !== undefined) return inventory.sites.get(site)?.name ?? site;
    return inventory.places.get(camera ?? "")?.camera.name ?? camera ?? "";
  }
  return [
    scope.districts.length > 0 ? districts(scope.districts.length) : null,
    scope.sites.length > 0 ? sites(scope.sites.length) : null,
    scope.cameras.length > 0 ? cameras(scope.cameras.length) : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

export function told(account: Account, inventory: Inventory, language: Language, now: number): Told {
  const is = statesOf(account, now);
  return {
    account,
    role: roleName(account.role),
    scope: scopeInWords(account.scope, inventory),
    is,
    states: is.map((state) => stateName(state, account, language)),
  };
}
