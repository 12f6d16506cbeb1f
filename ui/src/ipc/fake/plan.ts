// How full recorders and lines would be, and what an act would cost: told by counting cameras, as far as the page needs it.

import type { Act, District, Foreseen, Id, LinkStatus, Wall } from "../wire";
import { acted } from "./acts";

const MBPS = 0.256;
/** Sites and recorders carry so many Mb/s; the first site is narrow, so that a full one is seen. */
const NARROW = 10;
const WIDE = 50;

type Links = { sites: LinkStatus[]; recorders: LinkStatus[] };

export function linksOf(districts: District[], open: ReadonlySet<Id>): Links {
  const sites = districts.flatMap((district) => district.sites);
  const link = (id: Id, cameras: { id: Id }[], limit: number): LinkStatus[] => {
    const streams = cameras.filter((camera) => open.has(camera.id)).length;
    const learned = limit === NARROW;
    return streams === 0
      ? []
      : [{ id, used: streams * MBPS, others: 0, limit, learned, declared: learned ? WIDE : limit, streams }];
  };
  return {
    sites: sites.flatMap((site, number) => {
      const cameras = site.recorders.flatMap((recorder) => recorder.cameras);
      return link(site.id, cameras, number === 0 ? NARROW : WIDE);
    }),
    recorders: sites.flatMap((site) =>
      site.recorders.flatMap((recorder) => link(recorder.id, recorder.cameras, WIDE)),
    ),
  };
}

/** Fits up to `most` cameras on a page; `?most=9` makes more of them cost. */
export function foresee(wall: Wall, act: Act, districts: District[], most: number): Foreseen {
  const then = acted(wall, act, districts);
  const tiles = then.layout.cells.length;
  const shown = then.slots.slice(then.page * tiles, (then.page + 1) * tiles).filter((slot) => slot.camera !== null).length;
  const dark = Math.max(0, shown - most);
  const text = `giải mã ${shown} %${dark > 0 ? ` · ${dark} camera sẽ không có hình` : ""}`;
  const smaller: Act = {
    kind: "layout",
    layout: { columns: [1], rows: [1], cells: [{ column: 0, row: 0, columns: 1, rows: 1 }] },
  };
  const acts = act.kind === "layout" ? [smaller] : [act, smaller];
  const cameras = then.slots.slice(then.page * tiles + most, (then.page + 1) * tiles).flatMap((slot) => slot.camera ?? []);
  const without = { text: `Bỏ bớt ${dark} camera không có hình`, acts: [act, { kind: "leave_out", cameras } as const] };
  return {
    text,
    decode: shown / 100,
    costs: dark > 0,
    instead: dark > 0 ? [{ text: `Mở cái vừa sức: 1×1, ${then.pages} trang`, acts }, without] : [],
  };
}
