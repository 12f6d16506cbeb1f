// Which cameras somebody's rights hold for, as a tree with ticks. A ticked district or site holds whatever comes to it
// later; its parts are therefore not named beside it.

import type { Camera, District, Id, Scope, Site } from "../ipc/wire";
import { camerasOfSite } from "../state/inventory";

export type ScopeNode =
  | { kind: "district"; district: District }
  | { kind: "site"; district: District; site: Site }
  | { kind: "camera"; district: District; site: Site; camera: Camera };

export type Tick = "on" | "part" | "off";

export const NOTHING: Scope = { everything: false, districts: [], sites: [], cameras: [] };
export const EVERYTHING: Scope = { ...NOTHING, everything: true };

export function tick(scope: Scope, node: ScopeNode): Tick {
  const inDistrict = scope.districts.includes(node.district.name);
  if (node.kind === "district") {
    if (inDistrict) return "on";
    return node.district.sites.some((site) => partly(scope, site)) ? "part" : "off";
  }
  const inSite = inDistrict || scope.sites.includes(node.site.id);
  if (node.kind === "camera") return inSite || scope.cameras.includes(node.camera.id) ? "on" : "off";
  if (inSite) return "on";
  return partly(scope, node.site) ? "part" : "off";
}

function partly(scope: Scope, site: Site): boolean {
  return scope.sites.includes(site.id) || camerasOfSite(site).some(({ id }) => scope.cameras.includes(id));
}

/** The scope with that node ticked, or, where it was, without it. */
export function toggled(scope: Scope, node: ScopeNode): Scope {
  return tick(scope, node) === "on" ? without(scope, node) : withNode(scope, node);
}

function withNode(scope: Scope, node: ScopeNode): Scope {
  if (node.kind === "camera") return { ...scope, cameras: [...scope.cameras, node.camera.id] };
  if (node.kind === "site") return { ...bare(scope, [node.site]), sites: [...bare(scope, [node.site]).sites, node.site.id] };
  return { ...bare(scope, node.district.sites), districts: [...scope.districts, node.district.name] };
}

/** What held it as a part is replaced by its other parts. */
function without(scope: Scope, node: ScopeNode): Scope {
  const { name, sites } = node.district;
  if (node.kind === "district") return { ...scope, districts: scope.districts.filter((each) => each !== name) };
  if (scope.districts.includes(name)) {
    const others = sites.filter(({ id }) => id !== node.site.id).map(({ id }) => id);
    const opened = { ...scope, districts: scope.districts.filter((each) => each !== name), sites: [...scope.sites, ...others] };
    return node.kind === "site" ? opened : { ...opened, cameras: [...opened.cameras, ...otherCameras(node)] };
  }
  if (node.kind === "site") return bare(scope, [node.site]);
  if (!scope.sites.includes(node.site.id)) {
    return { ...scope, cameras: scope.cameras.filter((id) => id !== node.camera.id) };
  }
  return {
    ...scope,
    sites: scope.sites.filter((id) => id !== node.site.id),
    cameras: [...scope.cameras, ...otherCameras(node)],
  };
}

function otherCameras({ site, camera }: Extract<ScopeNode, { kind: "camera" }>): Id[] {
  return camerasOfSite(site).flatMap(({ id }) => (id === camera.id ? [] : id));
}

/** Without these sites and their cameras. */
function bare(scope: Scope, sites: Site[]): Scope {
  const ids = new Set(sites.map(({ id }) => id));
  const cameras = new Set(sites.flatMap(camerasOfSite).map(({ id }) => id));
  return {
    ...scope,
    sites: scope.sites.filter((id) => !ids.has(id)),
    cameras: scope.cameras.filter((id) => !cameras.has(id)),
  };
}

export function isEmpty(scope: Scope): boolean {
  return !scope.everything && scope.districts.length + scope.sites.length + scope.cameras.length === 0;
}

/** Cameras of the inventory that it holds. */
export function countCameras(scope: Scope, districts: District[]): number {
  let count = 0;
  for (const district of districts) {
    for (const site of district.sites) {
      const all = camerasOfSite(site);
      const whole = scope.everything || scope.districts.includes(district.name) || scope.sites.includes(site.id);
      count += whole ? all.length : all.filter(({ id }) => scope.cameras.includes(id)).length;
    }
  }
  return count;
}
