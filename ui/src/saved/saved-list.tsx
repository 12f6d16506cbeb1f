import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { BookmarkPlus, ListPlus, Pencil, Play, Route, Square, Trash2, UsersRound } from "lucide-react";
import type { SavedLayout, Tour } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { LayoutDiagram } from "../parts/layout-diagram";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { cameras, stops } from "../words/counts";
import { isolated } from "../words/names";
import { inOrder } from "../words/times";
import type { Intent } from "./saved-layouts";

type Props = { onIntend: (intent: Intent) => void; onDone: () => void };

/** Up and down go from row to row, left and right along what can be done with it. */
export function SavedList({ onIntend, onDone }: Props) {
  const app = useApp();
  const own = useRef<HTMLDivElement>(null);
  const saved = useStore(app.saved);
  useEffect(() => own.current?.querySelector("button")?.focus(), []);
  const desk = useStore(app.desk);
  const wall = wallInView(desk, useStore(app.view, (view) => view.wall));
  const language = useStore(app.settings, (settings) => settings.language);
  const running = desk.tours.find((tour) => tour.wall === wall.id);
  const byName = <T extends { name: string }>(all: T[]) => all.toSorted((a, b) => inOrder(a.name, b.name, language));
  const then = (what: Promise<void>) => {
    onDone();
    app.run(what);
  };
  return (
    <div className="saved" ref={own} onKeyDown={(event) => own.current && onArrow(event, own.current)}>
      <h2>{m.page_saved_layouts()}</h2>
      {saved.layouts.length === 0 ? <p className="quiet">{m.page_saved_none()}</p> : null}
      <ul>
        {byName(saved.layouts).map((layout) => (
          <LayoutRow
            key={layout.id}
            layout={layout}
            onOpen={() => then(app.backend.openLayout(wall.id, layout.id))}
            onIntend={onIntend}
          />
        ))}
      </ul>
      <Command
        icon={<BookmarkPlus />}
        label={m.page_saved_save()}
        isDisabled={wall.slots.length === 0}
        onPress={() => onIntend({ kind: "save" })}
      />
      <h2>{m.page_tours()}</h2>
      {saved.tours.length === 0 ? <p className="quiet">{m.page_tours_none()}</p> : null}
      <ul>
        {byName(saved.tours).map((tour) => (
          <TourRow
            key={tour.id}
            tour={tour}
            running={running?.tour === tour.id}
            onStart={() => then(app.backend.startTour(wall.id, tour.id))}
            onStop={() => then(app.backend.stopTour(wall.id))}
            onIntend={onIntend}
          />
        ))}
      </ul>
      <Command
        icon={<ListPlus />}
        label={m.page_tour_new()}
        isDisabled={saved.layouts.length === 0}
        onPress={() => onIntend({ kind: "tour", tour: null })}
      />
    </div>
  );
}

function onArrow(event: KeyboardEvent, list: HTMLElement): void {
  const rows = [...list.querySelectorAll<HTMLElement>("li, .saved-command")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at];
  const buttons = (of: HTMLElement | undefined) =>
    of ? (of.matches("button") ? [of] : [...of.querySelectorAll<HTMLElement>("button")]) : [];
  const along = buttons(row).indexOf(document.activeElement as HTMLElement);
  const step: Record<string, () => HTMLElement | undefined> = {
    ArrowDown: () => buttons(rows[Math.min(at + 1, rows.length - 1)])[0],
    ArrowUp: () => buttons(rows[Math.max(at - 1, 0)])[0],
    ArrowRight: () => buttons(row)[along + 1],
    ArrowLeft: () => buttons(row)[along - 1],
    Home: () => buttons(rows[0])[0],
    End: () => buttons(rows.at(-1))[0],
  };
  const next = step[event.key];
  if (!next) return;
  next()?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function Shared() {
  return (
    <span className="saved-shared" title={m.page_saved_shared()}>
      <UsersRound aria-hidden="true" />
      <span className="unseen">{m.page_saved_shared()}</span>
    </span>
  );
}

type LayoutRowProps = { layout: SavedLayout; onOpen: () => void; onIntend: Props["onIntend"] };

function LayoutRow({ layout, onOpen, onIntend }: LayoutRowProps) {
  const name = isolated(layout.name);
  return (
    <li>
      <Button className="saved-open" onPress={onOpen}>
        <LayoutDiagram layout={layout.layout} />
        <bdi>{layout.name}</bdi>
        {layout.shared ? <Shared /> : null}
        <span className="quiet">{cameras(layout.cameras)}</span>
      </Button>
      {layout.own ? (
        <>
          <IconButton label={m.page_saved_rename_one({ name })} onPress={() => onIntend({ kind: "rename", layout })}>
            <Pencil />
          </IconButton>
          <IconButton label={m.page_saved_remove_one({ name })} onPress={() => onIntend({ kind: "remove_layout", layout })}>
            <Trash2 />
          </IconButton>
        </>
      ) : null}
    </li>
  );
}

type TourRowProps = { tour: Tour; running: boolean; onStart: () => void; onStop: () => void; onIntend: Props["onIntend"] };

function TourRow({ tour, running, onStart, onStop, onIntend }: TourRowProps) {
  const name = isolated(tour.name);
  return (
    <li>
      <Button
        className="saved-open"
        isDisabled={tour.stops.length === 0}
        onPress={running ? onStop : onStart}
      >
        <span className="saved-sign">{running ? <Square /> : tour.stops.length > 0 ? <Play /> : <Route />}</span>
        <span className="unseen">{running ? m.page_tour_stop() : m.page_tour_start()}</span>
        <bdi>{tour.name}</bdi>
        {tour.shared ? <Shared /> : null}
        <span className="quiet">{stops(tour.stops.length)}</span>
      </Button>
      {tour.own ? (
        <>
          <IconButton label={m.page_tour_edit_one({ name })} onPress={() => onIntend({ kind: "tour", tour })}>
            <Pencil />
          </IconButton>
          <IconButton label={m.page_saved_remove_one({ name })} onPress={() => onIntend({ kind: "remove_tour", tour })}>
            <Trash2 />
          </IconButton>
        </>
      ) : null}
    </li>
  );
}

type CommandProps = { icon: ReactNode; label: string; isDisabled: boolean; onPress: () => void };

function Command({ icon, label, isDisabled, onPress }: CommandProps) {
  return (
    <Button className="saved-open saved-command" isDisabled={isDisabled} onPress={onPress}>
      <span className="saved-sign">{icon}</span>
      {label}
    </Button>
  );
}
