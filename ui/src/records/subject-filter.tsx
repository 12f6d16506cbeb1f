// About which camera or site: typed in a few letters, chosen from what was found.

import { useId, useState, type KeyboardEvent } from "react";
import { X } from "lucide-react";
import type { Id } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { search, type Entry } from "../search/search";
import { SubjectIcon } from "../sidebar/subject-icon";
import { useApp } from "../state/app";
import type { Inventory } from "../state/inventory";
import { useStore } from "../state/store";

const MOST = 40;

function nameOf(inventory: Inventory, id: Id): string {
  return inventory.sites.get(id)?.name ?? inventory.places.get(id)?.camera.name ?? id;
}

/** An auditor sees no inventory: what is typed is then taken as the identifier that the records carry. */
function offers(inventory: Inventory, query: string): Entry[] {
  const found = search(inventory.index, query).slice(0, MOST);
  const typed = query.trim();
  if (found.length > 0 || typed === "") return found.map(({ entry }) => entry);
  return [{ kind: "camera", id: typed, name: typed, place: "", cameras: 1 }];
}

type Props = { subject: Id | null; onChange: (subject: Id | null) => void };

export function SubjectFilter({ subject, onChange }: Props) {
  const inventory = useStore(useApp().inventory);
  const list = useId();
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const found = query === null ? [] : offers(inventory, query);
  const open = found.length > 0;
  const choose = (id: Id | null) => {
    setQuery(null);
    onChange(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const hit = found[active];
    if (event.key === "ArrowDown" && open) setActive(Math.min(active + 1, found.length - 1));
    else if (event.key === "ArrowUp" && open) setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter" && hit) choose(hit.id);
    else if (event.key === "Escape" && query !== null) setQuery(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="filter picker">
      <input
        type="text"
        className="filter-subject"
        role="combobox"
        aria-label={m.page_filter_subject()}
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={m.page_filter_subject()}
        autoComplete="off"
        spellCheck={false}
        value={query ?? (subject === null ? "" : nameOf(inventory, subject))}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
          if (event.target.value === "" && subject !== null) onChange(null);
        }}
        onBlur={() => setQuery(null)}
        onKeyDown={onKeyDown}
      />
      {subject === null ? null : (
        <IconButton label={m.page_filter_subject_clear()} onPress={() => choose(null)}>
          <X />
        </IconButton>
      )}
      {open ? (
        <ul className="picker-list" id={list} role="listbox" aria-label={m.page_filter_subject()}>
          {found.map((entry, index) => (
            <li
              key={`${entry.kind}/${entry.id}`}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === active}
              className="picker-option"
              onPointerDown={(event) => {
                // The field keeps the focus.
                event.preventDefault();
                choose(entry.id);
              }}
            >
              <SubjectIcon subject={entry} />
              <bdi className="row-name">{entry.name}</bdi>
              <bdi className="row-count">{entry.place}</bdi>
            </li>
          ))}
        </ul>
      ) : null}
    </span>
  );
}
