// The inventory as the rows of a tree that are seen: those whose parents are open.

import type { District, Site, Subject } from "../ipc/wire";
import { camerasOfSite } from "../state/inventory";

export type TreeRow = {
  /** Unique among all rows. */
  key: string;
  subject: Subject;
  name: string;
  level: number;
  open: boolean | null;
  /** Among its siblings, from 1. */
  position: number;
  siblings: number;
  /** Cameras within; 1 for a camera. */
  cameras: number;
};

export function keyOf(subject: Subject): string {
  return subject.kind === "district" ? `district/${subject.name}` : `${subject.kind}/${subject.id}`;
}

export function treeRows(districts: District[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (subject: Subject, name: string, level: number, cameras: number, place: [number, number]) => {
    const key = keyOf(subject);
    const isOpen = subject.kind === "camera" ? null : open.has(key);
    rows.push({ key, subject, name, level, open: isOpen, position: place[0] + 1, siblings: place[1], cameras });
    return isOpen;
  };
  districts.forEach((district, index) => {
    const cameras = district.sites.reduce((sum, site) => sum + camerasOfSite(site).length, 0);
    const subject: Subject = { kind: "district", name: district.name };
    if (!add(subject, district.name, 1, cameras, [index, districts.length])) return;
    district.sites.forEach((site, at) => addSite(site, [at, district.sites.length]));
  });
  return rows;

  function addSite(site: Site, place: [number, number]): void {
    if (!add({ kind: "site", id: site.id }, site.name, 2, camerasOfSite(site).length, place)) return;
    // A single recorder is nothing that people look for.
    const several = site.recorders.length > 1;
    site.recorders.forEach((recorder, at) => {
      const shown = several
        ? add({ kind: "recorder", id: recorder.id }, recorder.name, 3, recorder.cameras.length, [at, site.recorders.length])
        : true;
      if (!shown) return;
      recorder.cameras.forEach((camera, each) =>
        add({ kind: "camera", id: camera.id }, camera.name, several ? 4 : 3, 1, [each, recorder.cameras.length]),
      );
    });
  }
}

/** The row above that this one lies in. */
export function parentOf(rows: TreeRow[], index: number): number | null {
  const level = rows[index]?.level ?? 1;
  for (let above = index - 1; above >= 0; above -= 1) {
    if ((rows[above]?.level ?? 0) < level) return above;
  }
  return null;
}
