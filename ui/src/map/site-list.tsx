// All sites in words, beside the map: also those whose place is not known. One stop for Tab; arrows go along the rows.

import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { Search } from "lucide-react";
import { ConditionIcon } from "../health/condition-mark";
import { needsAttention } from "../health/standing";
import { conditionInWords } from "../health/words";
import type { Id } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { fold } from "../search/fold";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { inOrder } from "../words/times";
import type { Placed, Standing } from "./standings";
import { zoneInWords, ZoneSign } from "./zones";

type Props = {
  sites: Placed[];
  standings: ReadonlyMap<Id, Standing> | null;
  onOpen: (placed: Placed, row: Element) => void;
};

export function SiteList({ sites, standings, onOpen }: Props) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const own = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [current, setCurrent] = useState<Id | null>(null);
  const groups = useMemo(() => {
    const words = fold(text).split(" ").filter(Boolean);
    const found = sites.filter(({ site, district }) => {
      const name = fold(`${site.name} ${district.name}`);
      return words.every((word) => name.includes(word));
    });
    const names = [...new Set(found.map(({ district }) => district.name))].sort((a, b) => inOrder(a, b, language));
    return names.map((name) => ({
      name,
      sites: found
        .filter(({ district }) => district.name === name)
        .sort((a, b) => inOrder(a.site.name, b.site.name, language)),
    }));
  }, [sites, text, language]);
  const rows = groups.flatMap((group) => group.sites);
  const stop = rows.find(({ site }) => site.id === current) ?? rows[0];
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(own.current?.querySelectorAll<HTMLElement>(".site-row") ?? [])];
    const at = buttons.indexOf(event.target as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.altKey) return;
    buttons[Math.min(Math.max(0, to), buttons.length - 1)]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <aside className="site-list" aria-label={m.page_map_sites()}>
      <div className="search">
        <Search aria-hidden="true" />
        <input
          type="text"
          data-search
          aria-label={m.page_map_search()}
          placeholder={m.page_map_search()}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || text === "") return;
            setText("");
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      </div>
      <div className="site-rows" ref={own} onKeyDownCapture={onKeyDown}>
        {rows.length === 0 ? <p className="workspace-empty">{m.page_board_none()}</p> : null}
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h2>
              <bdi>{group.name}</bdi>
            </h2>
            <ul>
              {group.sites.map((placed) => (
                <li key={placed.site.id}>
                  <SiteRow
                    placed={placed}
                    standing={standings?.get(placed.site.id)}
                    stop={placed === stop}
                    onFocus={() => setCurrent(placed.site.id)}
                    onOpen={(row) => onOpen(placed, row)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </aside>
  );
}

type RowProps = {
  placed: Placed;
  standing: Standing | undefined;
  /** Where Tab stops. */
  stop: boolean;
  onFocus: () => void;
  onOpen: (row: Element) => void;
};

function SiteRow({ placed: { site }, standing, stop, onFocus, onOpen }: RowProps) {
  const needy = standing && needsAttention(standing.worst);
  const watched = standing ? standing.tally.live + standing.tally.dark + standing.tally.waiting : 0;
  return (
    <Button
      className="site-row"
      data-site={site.id}
      excludeFromTabOrder={!stop}
      onFocus={onFocus}
      onPress={(event) => onOpen(event.target)}
    >
      <ZoneSign zone={site.zone} />
      <span className="site-row-name">
        <bdi>{site.name}</bdi>
        <span className="unseen"> {zoneInWords(site.zone)}</span>
        {site.position ? null : <span className="site-unplaced">{m.page_map_unplaced()}</span>}
      </span>
      {needy ? (
        <span className="condition" data-condition={standing.worst}>
          <ConditionIcon condition={standing.worst} />
          <span className="unseen">{conditionInWords(standing.worst)}</span>
        </span>
      ) : null}
      <span className="site-row-count">
        {watched > 0 ? m.page_share({ part: standing?.tally.live ?? 0, all: watched }) : (standing?.cameras ?? "")}
      </span>
    </Button>
  );
}
