// The rows of the tree with ticks: what is open, or, while somebody searches, what was found with all above it.

import type { District, Site } from "../ipc/wire";
import { fold } from "../search/fold";
import { camerasOfSite } from "../state/inventory";
import type { ScopeNode } from "./scope";

export type ScopeRow = {
  key: string;
  node: ScopeNode;
  name: string;
  level: number;
  /** Null: nothing is below it. */
  open: boolean | null;
  cameras: number;
};

export function scopeRows(districts: District[], open: ReadonlySet<string>, query: string): ScopeRow[] {
  const words = fold(query).split(" ").filter(Boolean);
  const has = (text: string) => words.every((word) => text.includes(word));
  return districts.flatMap((district) => {
    const key = `district/${district.name}`;
    const above = fold(district.name);
    const sites = district.sites.flatMap((site) => siteRows(district, site, open, words.length > 0, above, has));
    const hit = words.length === 0 || has(above);
    if (!hit && sites.length === 0) return [];
    const isOpen = words.length > 0 ? sites.length > 0 : open.has(key);
    const cameras = district.sites.reduce((sum, site) => sum + camerasOfSite(site).length, 0);
    const row: ScopeRow = { key, node: { kind: "district", district }, name: district.name, level: 1, open: isOpen, cameras };
    return isOpen ? [row, ...sites] : [row];
  });
}

function siteRows(
  district: District,
  site: Site,
  open: ReadonlySet<string>,
  seeking: boolean,
  above: string,
  has: (text: string) => boolean,
): ScopeRow[] {
  const key = `site/${site.id}`;
  const path = `${above} ${fold(site.name)}`;
  const all = camerasOfSite(site);
  const hit = seeking && has(path);
  // A camera is shown for its own name; where its site was found, the site stands for all of them.
  const found = seeking && !hit ? all.filter((camera) => has(`${path} ${fold(camera.name)}`)) : all;
  if (seeking && !hit && found.length === 0) return [];
  const isOpen = seeking && !hit ? true : open.has(key);
  const row: ScopeRow = {
    key,
    node: { kind: "site", district, site },
    name: site.name,
    level: 2,
    open: all.length > 0 ? isOpen : null,
    cameras: all.length,
  };
  if (!isOpen) return [row];
  const cameras = found.map((camera): ScopeRow => {
    const node: ScopeNode = { kind: "camera", district, site, camera };
    return { key: `camera/${camera.id}`, node, name: camera.name, level: 3, open: null, cameras: 1 };
  });
  return [row, ...cameras];
}
