// Which devices a login opens: typed in a few letters, chosen from what was found.

import { useId, useState, type KeyboardEvent } from "react";
import type { LoginTarget } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { SubjectIcon } from "../sidebar/subject-icon";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { described, foundTargets, kindName, sameTarget, targetName, type Target } from "./targets";

type Props = { target: LoginTarget; onChange: (target: LoginTarget) => void };

export function TargetPicker({ target, onChange }: Props) {
  const inventory = useStore(useApp().inventory);
  const list = useId();
  const chosen = described(inventory, target);
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const open = query !== null;
  const found = open ? foundTargets(inventory, query) : [];

  const choose = (each: Target) => {
    onChange(each.target);
    setQuery(null);
  };
  const show = (text: string) => {
    setQuery(text);
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const hit = found[active];
    if (event.key === "ArrowDown") open ? setActive(Math.min(active + 1, found.length - 1)) : show("");
    else if (event.key === "ArrowUp" && open) setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter" && hit) choose(hit);
    else if (event.key === "Escape" && open) setQuery(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="picker">
      <Field
        label={m.page_target()}
        role="combobox"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && found[active] ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        placeholder={m.page_target_search()}
        value={query ?? targetName(chosen)}
        hint={[kindName(target), chosen.place].filter(Boolean).join(" · ")}
        onFocus={(event) => event.target.select()}
        onClick={() => (open ? undefined : show(""))}
        onChange={(event) => show(event.target.value)}
        onBlur={() => setQuery(null)}
        onKeyDown={onKeyDown}
      />
      {open ? (
        <ul className="picker-list" id={list} role="listbox" aria-label={m.page_target()}>
          {found.map((each, index) => (
            <Option
              key={JSON.stringify(each.target)}
              id={`${list}-${index}`}
              each={each}
              active={index === active}
              chosen={sameTarget(each.target, target)}
              onChoose={() => choose(each)}
            />
          ))}
          {found.length === 0 ? <li className="quiet picker-none">{m.page_target_none()}</li> : null}
        </ul>
      ) : null}
    </div>
  );
}

type OptionProps = { id: string; each: Target; active: boolean; chosen: boolean; onChoose: () => void };

function Option({ id, each, active, chosen, onChoose }: OptionProps) {
  const { target } = each;
  return (
    <li
      id={id}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: "nearest" });
      }}
      role="option"
      aria-selected={active}
      data-chosen={chosen || undefined}
      className="picker-option"
      onPointerDown={(event) => {
        // The field keeps the focus.
        event.preventDefault();
        onChoose();
      }}
    >
      <SubjectIcon subject={target.kind === "province" ? { kind: "district" } : target} />
      <bdi className="row-name">{targetName(each)}</bdi>
      <bdi className="row-count">{each.place}</bdi>
    </li>
  );
}
