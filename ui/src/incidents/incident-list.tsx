// Incidents, the newest first; searched without regard to marks and case.

import { useState, type KeyboardEvent } from "react";
import { Checkbox } from "react-aria-components";
import { Check } from "lucide-react";
import type { Id, Incident } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { PaneSearch } from "../parts/pane-search";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { cameras as countedCameras } from "../words/counts";
import { clock } from "../words/times";
import { found } from "./found";

const rowId = (id: Id) => `incident-${id}`;

export function IncidentList({ chosen, onChoose }: { chosen: Id | null; onChoose: (id: Id) => void }) {
  const app = useApp();
  const { incidents } = useStore(app.incidents);
  const [text, setText] = useState("");
  const [onlyOpen, setOnlyOpen] = useState(false);
  const shown = found(incidents, text, onlyOpen);
  const at = shown.findIndex(({ id }) => id === chosen);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step === undefined ? undefined : shown[Math.min(Math.max(0, at + step), shown.length - 1)];
    if (!next) return;
    onChoose(next.id);
    event.preventDefault();
  };
  return (
    <section className="incident-list" aria-label={m.page_incidents()}>
      <PaneSearch label={m.page_incidents_search()} value={text} onChange={setText} />
      <Checkbox className="check" isSelected={onlyOpen} onChange={setOnlyOpen}>
        <span className="check-box">
          <Check aria-hidden="true" />
        </span>
        {m.page_incidents_only_open()}
      </Checkbox>
      {shown.length === 0 ? (
        <div className="nothing" role="status">
          <p>{incidents.length === 0 ? m.page_incidents_none() : m.page_incidents_not_found()}</p>
          {incidents.length === 0 ? <p className="nothing-hint">{m.page_incidents_none_hint()}</p> : null}
        </div>
      ) : (
        <div
          className="incident-rows"
          role="listbox"
          tabIndex={0}
          aria-label={m.page_incidents()}
          aria-activedescendant={at < 0 ? undefined : rowId(shown[at]?.id ?? "")}
          onKeyDown={onKeyDown}
        >
          {shown.map((incident) => (
            <Row key={incident.id} incident={incident} active={incident.id === chosen} onChoose={() => onChoose(incident.id)} />
          ))}
        </div>
      )}
    </section>
  );
}

function Row({ incident, active, onChoose }: { incident: Incident; active: boolean; onChoose: () => void }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  return (
    <div
      id={rowId(incident.id)}
      role="option"
      aria-selected={active}
      className="incident-row"
      data-closed={incident.closed || undefined}
      onPointerDown={onChoose}
    >
      <bdi className="incident-row-title">{incident.title}</bdi>
      <span className="incident-state">{incident.closed ? m.page_incident_closed() : m.page_incident_open()}</span>
      <span className="quiet">
        {incident.case_number ? (
          <>
            <bdi>{incident.case_number}</bdi> ·{" "}
          </>
        ) : null}
        {clock(incident.at, language)} · {countedCameras(incident.stretches.length)}
      </span>
    </div>
  );
}
