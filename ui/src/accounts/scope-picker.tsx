// Where somebody's rights hold: everywhere, or what is ticked in the tree of the inventory.

import { useMemo, useState, type KeyboardEvent } from "react";
import { Check, ChevronRight, Minus } from "lucide-react";
import type { Scope } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Rows, useRowHeight } from "../parts/rows";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { cameras } from "../words/counts";
import { countCameras, tick, toggled } from "./scope";
import { scopeRows, type ScopeRow } from "./scope-rows";

type Props = { scope: Scope; fixed: boolean; onChange: (scope: Scope) => void };

export function ScopePicker({ scope, fixed, onChange }: Props) {
  const { districts } = useStore(useApp().inventory);
  return (
    <fieldset className="options" disabled={fixed}>
      <legend>{m.page_scope()}</legend>
      <label className="option">
        <input type="radio" name="scope" checked={scope.everything} onChange={() => onChange({ ...scope, everything: true })} />
        <span className="option-name">{m.page_scope_everything()}</span>
      </label>
      <label className="option">
        <input type="radio" name="scope" checked={!scope.everything} onChange={() => onChange({ ...scope, everything: false })} />
        <span className="option-name">{m.page_scope_some()}</span>
      </label>
      {scope.everything ? null : (
        <>
          <ScopeTree scope={scope} fixed={fixed} onChange={onChange} />
          <p className="field-hint" role="status">
            {m.page_scope_chosen({ cameras: cameras(countCameras(scope, districts)) })}
          </p>
        </>
      )}
    </fieldset>
  );
}

const rowId = (index: number) => `scope-${index}`;

function ScopeTree({ scope, fixed, onChange }: Props) {
  const { districts } = useStore(useApp().inventory);
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const rows = useMemo(() => scopeRows(districts, open, query), [districts, open, query]);
  const rowHeight = useRowHeight(26 / 13);
  const active = Math.max(0, rows.findIndex((row) => row.key === activeKey));

  const toggleOpen = ({ key, open: was }: ScopeRow) => {
    const next = new Set(open);
    if (was) next.delete(key);
    else next.add(key);
    setOpen(next);
  };
  const go = (index: number) => setActiveKey(rows[Math.min(Math.max(0, index), rows.length - 1)]?.key ?? null);
  const flip = (row: ScopeRow) => (fixed ? undefined : onChange(toggled(scope, row.node)));
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1);
    if (event.key === "ArrowDown") go(active + 1);
    else if (event.key === "ArrowUp") go(active - 1);
    else if (event.key === "PageDown") go(active + page);
    else if (event.key === "PageUp") go(active - page);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    else if (event.key === "ArrowRight") row.open === false ? toggleOpen(row) : row.open && go(active + 1);
    else if (event.key === "ArrowLeft") row.open ? toggleOpen(row) : go(rows.findLastIndex(({ level }, at) => at < active && level < row.level));
    else if (event.key === " " || event.key === "Enter") flip(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="scope">
      <input
        type="text"
        className="scope-search"
        aria-label={m.page_scope_search()}
        placeholder={m.page_scope_search()}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.preventDefault();
          if (event.key !== "Escape" || query === "") return;
          event.preventDefault();
          event.stopPropagation();
          setQuery("");
        }}
      />
      <Rows
        count={rows.length}
        rowHeight={rowHeight}
        active={active}
        attributes={{
          role: "tree",
          "aria-label": m.page_scope_tree(),
          "aria-multiselectable": true,
          tabIndex: 0,
          "aria-activedescendant": rows[active] ? rowId(active) : undefined,
          onKeyDown,
        }}
        row={(index, style) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <ScopeRowView
              key={row.key}
              id={rowId(index)}
              row={row}
              state={tick(scope, row.node)}
              active={index === active}
              style={style}
              onOpen={() => toggleOpen(row)}
              onFlip={() => {
                setActiveKey(row.key);
                flip(row);
              }}
            />
          );
        }}
      />
    </div>
  );
}

type RowProps = {
  id: string;
  row: ScopeRow;
  state: "on" | "part" | "off";
  active: boolean;
  style: React.CSSProperties;
  onOpen: () => void;
  onFlip: () => void;
};

function ScopeRowView({ id, row, state, active, style, onOpen, onFlip }: RowProps) {
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={row.open ?? undefined}
      aria-checked={state === "part" ? "mixed" : state === "on"}
      aria-selected={active}
      className="row scope-row"
      data-kind={row.node.kind}
      style={{ ...style, paddingInlineStart: `calc(var(--u) * ${row.level * 2 - 1})` }}
      onClick={onFlip}
    >
      <span
        className="row-open"
        data-open={row.open ?? undefined}
        onClick={(event) => {
          event.stopPropagation();
          onOpen();
        }}
      >
        {row.open === null ? null : <ChevronRight />}
      </span>
      <span className="tick" data-state={state}>
        {state === "on" ? <Check /> : state === "part" ? <Minus /> : null}
      </span>
      <bdi className="row-name" title={row.name}>
        {row.name}
      </bdi>
      {row.cameras > 1 ? <span className="row-count">{row.cameras}</span> : null}
    </div>
  );
}
