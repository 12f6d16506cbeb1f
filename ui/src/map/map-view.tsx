// The province with its sites: where they are, which zone they lie in, how they stand. Drawn by the page alone.

import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button, Dialog } from "react-aria-components";
import type { Site } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useBoard } from "../health/use-board";
import { useSize } from "../wall/size";
import { Frame } from "../workspaces/frame";
import { clustered, type Cluster } from "./clusters";
import { boundsOf, onPaper, type Point } from "./geometry";
import { Labels, Land } from "./land";
import { Legend, ScaleLine, ZoomButtons } from "./map-controls";
import { Marks } from "./marks";
import { DISTRICTS } from "./outlines";
import { SiteCard } from "./site-card";
import { SiteList } from "./site-list";
import { sitesOf, standings, type Placed } from "./standings";
import { useViewport } from "./use-viewport";

/** In pixels: marks nearer than that would cover each other. */
const APART = 30;
/** Pixels a degree from which on sites have their names beside them. */
const NAMED = 1500;
/** Where somebody is looking for one site. */
const NEAR = 4000;
const SHAPES = DISTRICTS.flatMap((district) => district.rings.flat().map(onPaper));

type Opened = { sites: Placed[]; anchor: Element };

export function MapView() {
  const app = useApp();
  const { districts } = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  const board = useBoard();
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const [opened, setOpened] = useState<Opened | null>(null);

  const sites = useMemo(() => sitesOf(districts), [districts]);
  const known = useMemo(() => standings(districts, board), [districts, board]);
  const points = useMemo(
    () => sites.flatMap(({ site }) => (site.position ? [{ at: onPaper([site.position.lat, site.position.lon]), of: site }] : [])),
    [sites],
  );
  const bounds = useMemo(() => boundsOf([...SHAPES, ...points.map(({ at }) => at)]), [points]);
  const map = useViewport(element, size, bounds);
  const { view } = map;
  const clusters = useMemo(
    () =>
      clustered(
        points.map(({ at, of }) => ({ at: { x: at.x * view.scale, y: at.y * view.scale }, of })),
        APART,
      ),
    [points, view.scale],
  );
  const marks = useMemo(() => clusters.map(({ at }) => at), [clusters]);
  const placedOf = (all: Site[]) => all.flatMap((site) => sites.find((each) => each.site.id === site.id) ?? []);
  const latest = useRef({ map, points, placedOf });
  useLayoutEffect(() => {
    latest.current = { map, points, placedOf };
  });

  const openMark = useCallback((cluster: Cluster<Site>, anchor: Element) => {
    const now = latest.current;
    const before = now.map.view.scale;
    if (cluster.members.length > 1) {
      const around = boundsOf(now.points.filter(({ of }) => cluster.members.includes(of)).map(({ at }) => at));
      const apart = Math.hypot(around.right - around.left, around.bottom - around.top);
      // Nearer, they come apart; those at one place never do.
      if (apart * 12_000 > APART && before < 12_000) {
        now.map.fit(around);
        return;
      }
    }
    setOpened({ sites: now.placedOf(cluster.members), anchor });
  }, []);
  const reveal = useCallback((at: Point) => {
    const { scale } = latest.current.map.view;
    latest.current.map.reveal({ x: at.x / scale, y: at.y / scale });
  }, []);
  const openRow = (placed: Placed, anchor: Element) => {
    const { position } = placed.site;
    if (position) map.centre(onPaper([position.lat, position.lon]), NEAR);
    setOpened({ sites: [placed], anchor });
  };

  return (
    <Frame workspace="map">
      <div className="map">
        <div
          ref={element}
          className="map-paper"
          role="group"
          tabIndex={0}
          aria-label={m.page_map_label()}
          onPointerDown={map.onPointerDown}
          onKeyDown={map.onKeyDown}
        >
          {size.width > 0 ? (
            <>
              <Land view={view} />
              <div className="map-layer" style={{ transform: `translate(${-view.left * view.scale}px, ${-view.top * view.scale}px)` }}>
                <Labels scale={view.scale} marks={marks} language={language} />
                <Marks
                  clusters={clusters}
                  standings={known}
                  named={view.scale >= NAMED}
                  language={language}
                  onOpen={openMark}
                  onFocus={reveal}
                />
              </div>
              <ZoomButtons map={map} />
              <Legend />
              <ScaleLine scale={view.scale} />
            </>
          ) : null}
        </div>
        <SiteList sites={sites} standings={known} onOpen={openRow} />
      </div>
      {opened ? <Card opened={opened} board={board} known={known} onClose={() => setOpened(null)} /> : null}
    </Frame>
  );
}

type CardProps = {
  opened: Opened;
  board: ReturnType<typeof useBoard>;
  known: ReturnType<typeof standings>;
  onClose: () => void;
};

/** Of one site; of several at one place, after one was chosen. */
function Card({ opened, board, known, onClose }: CardProps) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const [chosen, setChosen] = useState<string | null>(null);
  const anchor = useMemo(() => ({ current: opened.anchor }), [opened.anchor]);
  const several = opened.sites.length > 1;
  const id = several ? chosen : opened.sites[0]?.site.id;
  // A new zone comes with a new inventory.
  const placed = sitesOf(inventory.districts).find(({ site }) => site.id === id);
  return (
    <CoveringPopover triggerRef={anchor} isOpen onOpenChange={(open) => !open && onClose()} placement="right" className="site-popover">
      <Dialog aria-label={placed?.site.name ?? m.page_map_sites()}>
        {placed ? (
          <SiteCard placed={placed} standing={known?.get(placed.site.id)} board={board} onBack={several ? () => setChosen(null) : null} />
        ) : (
          <ul className="site-cameras">
            {opened.sites.map(({ site }) => (
              <li key={site.id}>
                <Button className="site-camera" onPress={() => setChosen(site.id)}>
                  <bdi>{site.name}</bdi>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Dialog>
    </CoveringPopover>
  );
}
