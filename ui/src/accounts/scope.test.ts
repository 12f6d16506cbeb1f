import { describe, expect, test } from "vitest";
import type { District, Scope, Site } from "../ipc/wire";
import { countCameras, EVERYTHING, isEmpty, NOTHING, tick, toggled, type ScopeNode } from "./scope";

const site = (id: string, count: number): Site => ({
  id,
  name: id,
  position: null,
  zone: null,
  recorders: [
    {
      id: `${id}-r`,
      name: id,
      cameras: Array.from({ length: count }, (_, index) => ({ id: `${id}-${index}`, name: `${index}`, outdoor: null })),
    },
  ],
});
const north: District = { name: "Bắc", sites: [site("a", 2), site("b", 3)] };
const south: District = { name: "Nam", sites: [site("c", 1)] };
const district = (of: District): ScopeNode => ({ kind: "district", district: of });
const siteNode = (of: District, at: number): ScopeNode => ({ kind: "site", district: of, site: of.sites[at] as Site });
const camera = (of: District, at: number, index: number): ScopeNode => {
  const where = of.sites[at] as Site;
  const which = where.recorders[0]?.cameras[index];
  if (!which) throw new Error("no such camera");
  return { kind: "camera", district: of, site: where, camera: which };
};
const after = (...nodes: ScopeNode[]): Scope => nodes.reduce(toggled, NOTHING);

describe("ticks", () => {
  test("a camera ticks its site and district in part", () => {
    const scope = after(camera(north, 1, 0));
    expect(scope.cameras).toEqual(["b-0"]);
    expect([district(north), siteNode(north, 0), siteNode(north, 1), district(south)].map((node) => tick(scope, node))).toEqual([
      "part",
      "off",
      "part",
      "off",
    ]);
  });

  test("a district holds all of its parts, and names none of them", () => {
    const scope = after(camera(north, 1, 0), siteNode(north, 0), camera(south, 0, 0), district(north));
    expect(scope).toEqual({ everything: false, districts: ["Bắc"], sites: [], cameras: ["c-0"] });
    expect(tick(scope, camera(north, 0, 1))).toBe("on");
  });

  test("a part taken out of a whole leaves the other parts", () => {
    expect(after(district(north), siteNode(north, 0))).toEqual({ everything: false, districts: [], sites: ["b"], cameras: [] });
    expect(after(district(north), camera(north, 1, 1))).toEqual({
      everything: false,
      districts: [],
      sites: ["a"],
      cameras: ["b-0", "b-2"],
    });
    expect(after(siteNode(north, 1), camera(north, 1, 0)).cameras).toEqual(["b-1", "b-2"]);
  });

  test("twice is as before", () => {
    for (const node of [district(north), siteNode(north, 1), camera(north, 0, 0)]) {
      expect(isEmpty(after(node, node))).toBe(true);
    }
  });

  test("what the inventory does not know any more stays", () => {
    const old: Scope = { ...NOTHING, cameras: ["gone"], sites: ["gone too"] };
    expect(toggled(old, district(north))).toEqual({ ...old, districts: ["Bắc"] });
  });
});

test("cameras are counted once", () => {
  const all = [north, south];
  expect(countCameras(EVERYTHING, all)).toBe(6);
  expect(countCameras({ everything: false, districts: ["Bắc"], sites: ["a"], cameras: ["a-0", "c-0"] }, all)).toBe(6);
  expect(countCameras(after(camera(north, 1, 0), siteNode(north, 0)), all)).toBe(3);
  expect(countCameras(NOTHING, all)).toBe(0);
});
