// The inventory by name: which camera stands at which site. Made once; it doesn't change while the page is open.

import { indexed, type Index } from "../search/search";
import type { Camera, District, Id, Recorder, Site, Subject } from "../ipc/wire";

export type Place = { camera: Camera; recorder: Recorder; site: Site; district: District };

export type Inventory = {
  districts: District[];
  places: Map<Id, Place>;
  sites: Map<Id, Site>;
  recorders: Map<Id, Recorder>;
  index: Index;
};

export const NO_INVENTORY: Inventory = {
  districts: [],
  places: new Map(),
  sites: new Map(),
  recorders: new Map(),
  index: [],
};

export function inventoryOf(districts: District[]): Inventory {
  const places = new Map<Id, Place>();
  const sites = new Map<Id, Site>();
  const recorders = new Map<Id, Recorder>();
  for (const district of districts) {
    for (const site of district.sites) {
      sites.set(site.id, site);
      for (const recorder of site.recorders) {
        recorders.set(recorder.id, recorder);
        for (const camera of recorder.cameras) places.set(camera.id, { camera, recorder, site, district });
      }
    }
  }
  return { districts, places, sites, recorders, index: indexed(districts) };
}

export function camerasOfSite(site: Site): Camera[] {
  return site.recorders.flatMap((recorder) => recorder.cameras);
}

/** What people call it; the identifier where the inventory no longer knows it. */
export function subjectName(inventory: Inventory, subject: Subject): string {
  switch (subject.kind) {
    case "camera":
      return inventory.places.get(subject.id)?.camera.name ?? subject.id;
    case "recorder":
      return inventory.recorders.get(subject.id)?.name ?? subject.id;
    case "site":
      return inventory.sites.get(subject.id)?.name ?? subject.id;
    case "district":
      return subject.name;
  }
}
