// How the sites stand, from how their cameras do.

import type { Board, Condition, District, Id, Site } from "../ipc/wire";
import { camerasOfSite } from "../state/inventory";
import { tallied, worst, type Tally } from "../health/standing";

export type Standing = { worst: Condition; tally: Tally; cameras: number };

/** A site and where the inventory has it. */
export type Placed = { site: Site; district: District };

export function sitesOf(districts: District[]): Placed[] {
  return districts.flatMap((district) => district.sites.map((site) => ({ site, district })));
}

/** Null while nothing is known. */
export function standings(districts: District[], board: Board | null): ReadonlyMap<Id, Standing> | null {
  if (!board) return null;
  const known = new Map(board.cameras.map((health) => [health.id, health.condition]));
  return new Map(
    sitesOf(districts).map(({ site }) => {
      const conditions = camerasOfSite(site).map((camera) => known.get(camera.id) ?? "unknown");
      return [site.id, { worst: worst(conditions), tally: tallied(conditions), cameras: conditions.length }];
    }),
  );
}

const ZONES: NonNullable<Site["zone"]>[] = ["red", "orange", "yellow", "green"];

/** The most dangerous zone among them. */
export function gravest(sites: Site[]): Site["zone"] {
  return ZONES.find((zone) => sites.some((site) => site.zone === zone)) ?? null;
}
