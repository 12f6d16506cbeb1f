// What a login can open, from the whole province to one camera, and how people call it.

import type { LoginTarget } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { fold } from "../search/fold";
import type { Inventory } from "../state/inventory";

export type Target = { target: LoginTarget; name: string; place: string };

export function sameTarget(a: LoginTarget, b: LoginTarget): boolean {
  return a.kind === b.kind && (a.kind === "province" || (b.kind !== "province" && a.id === b.id));
}

/** The identifier where the inventory does not know it any more. */
export function described(inventory: Inventory, target: LoginTarget): Target {
  const known = allTargets(inventory).find((each) => sameTarget(each.target, target));
  return known ?? { target, name: target.kind === "province" ? "" : target.id, place: "" };
}

const made = new WeakMap<Inventory, Target[]>();

/** The widest first: an account for the whole province is what most people have. */
export function allTargets(inventory: Inventory): Target[] {
  const known = made.get(inventory);
  if (known) return known;
  const sites: Target[] = [];
  const recorders: Target[] = [];
  const cameras: Target[] = [];
  for (const district of inventory.districts) {
    for (const site of district.sites) {
      sites.push({ target: { kind: "site", id: site.id }, name: site.name, place: district.name });
      for (const recorder of site.recorders) {
        recorders.push({ target: { kind: "recorder", id: recorder.id }, name: recorder.name, place: site.name });
        for (const camera of recorder.cameras) {
          cameras.push({ target: { kind: "camera", id: camera.id }, name: camera.name, place: site.name });
        }
      }
    }
  }
  const province: Target = { target: { kind: "province" }, name: "", place: "" };
  const all = [province, ...sites, ...recorders, ...cameras];
  made.set(inventory, all);
  return all;
}

export function targetName({ target, name }: Target): string {
  return target.kind === "province" ? m.page_target_province() : name;
}

export function kindName(target: LoginTarget): string {
  switch (target.kind) {
    case "province":
      return m.page_target_province_kind();
    case "site":
      return m.page_target_site();
    case "recorder":
      return m.page_target_recorder();
    case "camera":
      return m.page_target_camera();
  }
}

const MOST = 60;

/** The first ones with all words in name, place or kind. */
export function foundTargets(inventory: Inventory, query: string): Target[] {
  const words = fold(query).split(" ").filter(Boolean);
  const found: Target[] = [];
  for (const target of allTargets(inventory)) {
    const text = fold(`${targetName(target)} ${target.place} ${kindName(target.target)}`);
    if (words.every((word) => text.includes(word))) found.push(target);
    if (found.length === MOST) break;
  }
  return found;
}
