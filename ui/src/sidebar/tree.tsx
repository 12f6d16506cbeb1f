import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { ChevronRight } from "lucide-react";
import { useDrag } from "../drag/context";
import type { Language, LinkStatus, Subject } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CameraDot, lookInWords } from "../parts/camera-dot";
import { Rows, useRowHeight } from "../parts/rows";
import { fold } from "../search/fold";
import { useApp } from "../state/app";
import { cameras as camerasInWords } from "../words/counts";
import { measured } from "../words/numbers";
import { camerasOfSite } from "../state/inventory";
import { useStore } from "../state/store";
import { place, placing } from "../wall/commands";
import { SubjectIcon } from "./subject-icon";
import { keyOf, parentOf, treeRows, type TreeRow } from "./tree-rows";

/** After this pause the next letter begins a new word. */
const TYPING_PAUSE = 700;

export function Tree() {
  const app = useApp();
  const { districts } = useStore(app.inventory);
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(districts.map((district) => keyOf({ kind: "district", name: district.name }))),
  );
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const rows = useMemo(() => treeRows(districts, open), [districts, open]);
  const rowHeight = useRowHeight(28 / 13);
  const typing = useRef(new Typing());
  const found = rows.findIndex((row) => row.key === activeKey);
  const active = found < 0 ? 0 : found;

  const toggle = (row: TreeRow, to: boolean) => {
    const next = new Set(open);
    if (to) next.add(row.key);
    else next.delete(row.key);
    setOpen(next);
  };
  const go = (index: number | null) => {
    const row = index === null ? undefined : rows[Math.min(Math.max(0, index), rows.length - 1)];
    if (!row) return;
    setActiveKey(row.key);
    app.outlook.look(app.wall().id, placing(app, row.subject));
  };
  const jump = (letter: string) => {
    const { text, fresh } = typing.current.add(letter);
    const from = fresh ? active + 1 : active;
    const order = [...rows.slice(from), ...rows.slice(0, from)];
    const named = (row: TreeRow) => fold(row.name);
    const hit = order.find((row) => named(row).startsWith(text)) ?? order.find((row) => named(row).includes(` ${text}`));
    if (hit) setActiveKey(hit.key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1);
    if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active - 1);
    else if (event.key === "ArrowRight") row.open === false ? toggle(row, true) : row.open && go(active + 1);
    else if (event.key === "ArrowLeft") row.open ? toggle(row, false) : go(parentOf(rows, active));
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    else if (event.key === "PageDown") go(active + page);
    else if (event.key === "PageUp") go(active - page);
    else if (event.key === "Enter") place(app, row.subject);
    else if (event.key === " " && row.open !== null) toggle(row, !row.open);
    else if (event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key)) jump(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Rows
      count={rows.length}
      rowHeight={rowHeight}
      active={active}
      attributes={{
        role: "tree",
        "aria-label": m.page_tree(),
        tabIndex: 0,
        id: "tree",
        "aria-activedescendant": rows[active] ? rowId(active) : undefined,
        onKeyDown,
        onBlur: app.outlook.lookAway,
      }}
      row={(index, style) => {
        const row = rows[index];
        if (!row) return null;
        return (
          <TreeRowView
            key={row.key}
            id={rowId(index)}
            row={row}
            style={style}
            active={index === active}
            onActive={() => setActiveKey(row.key)}
            onLook={() => app.outlook.look(app.wall().id, placing(app, row.subject))}
            onToggle={() => toggle(row, !row.open)}
          />
        );
      }}
    />
  );
}

/** Letters that are typed one soon after the other are one word. */
class Typing {
  #text = "";
  #at = 0;

  add(letter: string): { text: string; fresh: boolean } {
    const now = Date.now();
    const fresh = now - this.#at > TYPING_PAUSE;
    this.#text = fresh ? letter : this.#text + letter;
    this.#at = now;
    return { text: fold(this.#text), fresh };
  }
}

const rowId = (index: number) => `tree-${index}`;

type RowProps = {
  id: string;
  row: TreeRow;
  style: React.CSSProperties;
  active: boolean;
  onActive: () => void;
  onLook: () => void;
  onToggle: () => void;
};

function TreeRowView({ id, row, style, active, onActive, onLook, onToggle }: RowProps) {
  const app = useApp();
  const drag = useDrag();
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={row.open ?? undefined}
      aria-selected={active}
      className="row"
      data-kind={row.subject.kind}
      style={{ ...style, paddingInlineStart: `calc(var(--u) * ${row.level * 2 - 1})` }}
      onPointerDown={(event) => {
        onActive();
        if (event.pointerType !== "touch") drag.press(event, { kind: "subject", subject: row.subject });
      }}
      onPointerEnter={onLook}
      onPointerLeave={app.outlook.lookAway}
      onDoubleClick={() => place(app, row.subject)}
    >
      <span
        className="row-open"
        data-open={row.open ?? undefined}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={row.open === null ? undefined : onToggle}
        onDoubleClick={(event) => event.stopPropagation()}
        aria-hidden="true"
      >
        {row.open === null ? null : <ChevronRight />}
      </span>
      <SubjectIcon subject={row.subject} />
      <bdi className="row-name" title={row.name}>
        {row.name}
      </bdi>
      <RowState subject={row.subject} cameras={row.cameras} />
    </div>
  );
}

/** A camera's state; how many of a site's open cameras show pictures. */
function RowState({ subject, cameras }: { subject: Subject; cameras: number }) {
  const app = useApp();
  const status = useStore(app.cameras, (all) => (subject.kind === "camera" ? all.get(subject.id) : undefined));
  const live = useStore(app.cameras, (all) => {
    if (subject.kind !== "site") return null;
    const site = app.inventory.get().sites.get(subject.id);
    const open = site ? camerasOfSite(site).flatMap((camera) => all.get(camera.id) ?? []) : [];
    return open.length === 0 ? null : `${open.filter((camera) => camera.look === "live").length}/${open.length}`;
  });
  if (subject.kind === "camera") {
    if (!status) return null;
    return (
      <span className="row-state" title={lookInWords(status)}>
        {status.viewers && status.viewers.used >= status.viewers.limit - 1 ? (
          <span className="row-viewers" title={m.page_viewers(status.viewers)}>
            {status.viewers.used}/{status.viewers.limit}
          </span>
        ) : null}
        <CameraDot look={status.look} />
        <span className="unseen">{lookInWords(status)}</span>
      </span>
    );
  }
  const [seen = "", all = ""] = live?.split("/") ?? [];
  return (
    <>
      {subject.kind === "site" || subject.kind === "recorder" ? <Line kind={subject.kind} id={subject.id} /> : null}
      <span className="row-count" data-live={live !== null || undefined}>
        <span aria-hidden="true">{live ?? cameras}</span>
        <span className="unseen">
          {live === null ? camerasInWords(cameras) : m.page_site_live({ live: seen, open: all })}
        </span>
      </span>
    </>
  );
}

/** How full a recorder or a site's line is, from four fifths on in another colour. */
function Line({ kind, id }: { kind: "site" | "recorder"; id: string }) {
  const app = useApp();
  const line = useStore(app.figures, (figures) =>
    (kind === "site" ? figures?.sites : figures?.recorders)?.find((each) => each.id === id),
  );
  const language = useStore(app.settings, (settings) => settings.language);
  if (!line || line.limit === null) return null;
  const share = Math.min((line.used + line.others) / line.limit, 1);
  const words = lineInWords(kind, { ...line, limit: line.limit }, language);
  return (
    <span
      className="row-line"
      role="img"
      aria-label={words}
      title={words}
      data-full={share >= 0.8 || undefined}
      data-learned={line.learned || undefined}
    >
      <span style={{ inlineSize: `${Math.max(share * 100, 4)}%` }} />
    </span>
  );
}

function lineInWords(kind: "site" | "recorder", line: LinkStatus & { limit: number }, language: Language): string {
  const amounts = { used: measured(line.used, language), limit: measured(line.limit, language) };
  let words = kind === "site" ? m.page_site_line(amounts) : m.page_recorder_line(amounts);
  if (line.others > 0) words = m.page_line_others({ line: words, others: measured(line.others, language) });
  if (!line.learned || line.declared === null) return words;
  return m.page_line_learned({ line: words, declared: measured(line.declared, language) });
}
