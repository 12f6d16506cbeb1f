import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Search, X } from "lucide-react";
import { leaveSidebar } from "../page-keys";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { search, subjectOf } from "../search/search";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";
import { place } from "../wall/commands";
import { results } from "../words/counts";
import { isolated } from "../words/names";
import { ResizeHandle, sidebarStyle, useSidebarWidth } from "./resize-handle";
import { resultId, Results, RESULTS_ID } from "./results";
import { Tree } from "./tree";

/** While it is not shown it stays, with what was opened and typed in it. */
export function Sidebar({ shown }: { shown: boolean }) {
  const app = useApp();
  // Narrow pages lay it over the wall.
  const hole = useHole<HTMLElement>();
  const inventory = useStore(app.inventory);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [width, setWidth] = useSidebarWidth();
  const field = useRef<HTMLInputElement>(null);
  // At once, not deferred: it takes less than a millisecond, and results must never be those of fewer letters.
  const hits = useMemo(() => search(inventory.index, query), [inventory, query]);
  const seeking = query.trim() !== "";

  const change = (text: string) => {
    setQuery(text);
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && query !== "") change("");
    else if (event.key === "Escape") leaveSidebar(app);
    else if (event.key === "ArrowDown" && !seeking) document.getElementById("tree")?.focus();
    else if (!seeking) return;
    else if (event.key === "ArrowDown") setActive(Math.min(active + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter") placeHit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const placeHit = () => {
    const hit = hits[active];
    if (hit) place(app, subjectOf(hit.entry));
  };

  return (
    <aside className="sidebar" hidden={!shown} ref={hole} style={sidebarStyle(width)} aria-label={m.page_sidebar()}>
      <div className="search" role="search">
        <Search aria-hidden="true" />
        <input
          ref={field}
          id="search"
          role="combobox"
          aria-label={m.page_search()}
          aria-expanded={seeking && hits.length > 0}
          aria-controls={seeking && hits.length > 0 ? RESULTS_ID : undefined}
          aria-activedescendant={seeking && hits.length > 0 ? resultId(active) : undefined}
          aria-autocomplete="list"
          placeholder={m.page_search()}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {seeking ? (
          <IconButton
            label={m.page_search_clear()}
            onPress={() => {
              change("");
              field.current?.focus();
            }}
          >
            <X />
          </IconButton>
        ) : (
          <kbd aria-hidden="true">/</kbd>
        )}
      </div>
      <div className="unseen" role="status">
        {seeking ? results(hits.length) : ""}
      </div>
      {seeking ? (
        hits.length > 0 ? (
          <Results hits={hits} active={Math.min(active, hits.length - 1)} onActive={setActive} />
        ) : (
          <Nothing title={m.page_nothing_found({ query: isolated(query.trim()) })} hint={m.page_nothing_found_hint()} />
        )
      ) : inventory.districts.length > 0 ? (
        <Tree />
      ) : (
        <Nothing title={m.page_no_inventory()} hint={m.page_no_inventory_hint()} />
      )}
      <ResizeHandle width={width} onWidth={setWidth} />
    </aside>
  );
}

function Nothing({ title, hint }: { title: string; hint: string }) {
  return (
    <div className="nothing">
      <p>{title}</p>
      <p className="nothing-hint">{hint}</p>
    </div>
  );
}
