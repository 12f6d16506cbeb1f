// The sites on the map, those close to each other as one mark. One stop for Tab; arrows go to the nearest mark in their
// direction.

import { memo, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import type { Id, Site } from "../ipc/wire";
import { ConditionIcon } from "../health/condition-mark";
import { needsAttention, worst } from "../health/standing";
import { conditionInWords } from "../health/words";
import { m } from "../paraglide/messages.js";
import { isolated } from "../words/names";
import { nearestTowards, type Cluster, type Direction } from "./clusters";
import type { Point } from "./geometry";
import { gravest, type Standing } from "./standings";
import { zoneInWords, ZoneSign } from "./zones";

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

type Props = {
  /** In pixels from the paper's middle. */
  clusters: Cluster<Site>[];
  standings: ReadonlyMap<Id, Standing> | null;
  /** Names of single sites have room. */
  named: boolean;
  language: string;
  onOpen: (cluster: Cluster<Site>, mark: Element) => void;
  onFocus: (at: Point) => void;
};

export const Marks = memo(function Marks({ clusters, standings, named, onOpen, onFocus }: Props) {
  const own = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<Id | null>(null);
  const found = clusters.findIndex((cluster) => cluster.members.some((site) => site.id === current));
  const active = Math.max(0, found);

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (!direction || event.ctrlKey || event.altKey) return;
    const next = nearestTowards(clusters.map((cluster) => cluster.at), active, direction);
    if (next !== null) own.current?.querySelectorAll<HTMLElement>(".map-mark")[next]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <ul ref={own} className="map-marks" aria-label={m.page_map_sites()} onKeyDownCapture={onKeyDown}>
      {clusters.map((cluster, index) => (
        <li key={cluster.members[0]?.id} style={{ transform: `translate(${cluster.at.x}px, ${cluster.at.y}px)` }}>
          <Mark
            cluster={cluster}
            standings={standings}
            named={named}
            stop={index === active}
            onOpen={onOpen}
            onFocus={() => {
              setCurrent(cluster.members[0]?.id ?? null);
              onFocus(cluster.at);
            }}
          />
        </li>
      ))}
    </ul>
  );
});

type MarkProps = Pick<Props, "standings" | "named" | "onOpen"> & { cluster: Cluster<Site>; stop: boolean; onFocus: () => void };

function Mark({ cluster, standings, named, stop, onOpen, onFocus }: MarkProps) {
  const { members } = cluster;
  const [first] = members;
  const own = useRef<HTMLButtonElement>(null);
  if (!first) return null;
  const conditions = members.flatMap((site) => standings?.get(site.id)?.worst ?? []);
  const condition = worst(conditions);
  const zone = gravest(members);
  const several = members.length > 1;
  const watched = members.some((site) => (standings?.get(site.id)?.tally.live ?? 0) > 0);
  const state = conditions.length > 0 ? conditionInWords(condition) : m.page_condition_unknown();
  const zoneName = zoneInWords(zone);
  return (
    <Button
      ref={own}
      className="map-mark"
      excludeFromTabOrder={!stop}
      data-zone={zone ?? "none"}
      data-several={several || undefined}
      data-watched={watched || undefined}
      aria-label={
        several
          ? m.page_map_cluster({ count: members.length, zone: zoneName, state })
          : m.page_map_site({ name: isolated(first.name), zone: zoneName, state })
      }
      onPress={() => own.current && onOpen(cluster, own.current)}
      onFocus={onFocus}
    >
      {several ? <span className="map-mark-count">{members.length}</span> : <ZoneSign zone={zone} />}
      {needsAttention(condition) && conditions.length > 0 ? <ConditionIcon condition={condition} /> : null}
      {named && !several ? (
        <span className="map-mark-name">
          <bdi>{first.name}</bdi>
        </span>
      ) : null}
    </Button>
  );
}
