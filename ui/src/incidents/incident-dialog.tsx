// An incident's fields: what it is, who reads it, where and when.

import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { Check, Plus, X } from "lucide-react";
import type { Incident, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Choice, Field } from "../parts/field";
import { IconButton } from "../parts/icon-button";
import { InlineNotice } from "../parts/inline-notice";
import { CameraOptions } from "../rules/camera-options";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { cameraName } from "./names";
import { SpanFields } from "./span-fields";
import { fromWire, toWire, type Stretch } from "./times";

type Props = { incident: Incident | null; onClose: () => void; onKept: (id: string) => void };

export function IncidentDialog({ incident, onClose, onKept }: Props) {
  const app = useApp();
  const [title, setTitle] = useState(incident?.title ?? "");
  const [caseNumber, setCaseNumber] = useState(incident?.case_number ?? "");
  const [everyone, setEveryone] = useState(incident?.everyone ?? false);
  const [accounts, setAccounts] = useState<string[]>(incident?.accounts ?? []);
  const [stretches, setStretches] = useState<Stretch[]>(incident?.stretches.map(fromWire) ?? []);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const keep = () =>
    work(async () => {
      const id = await app.backend.saveIncident({
        id: incident?.id ?? null,
        title,
        case_number: caseNumber,
        everyone,
        accounts,
        stretches: stretches.map(toWire),
      });
      onKept(id);
      onClose();
    });
  return (
    <CoveringDialog title={incident ? m.page_incident_edit() : m.page_incident_new()} wide onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) keep();
        }}
      >
        <div className="field-row field-row-top">
          <Field label={m.page_incident_title()} name="title" autoFocus maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
          <Field
            label={m.page_incident_case()}
            name="case"
            maxLength={100}
            hint={m.page_incident_case_hint()}
            value={caseNumber}
            onChange={(event) => setCaseNumber(event.target.value)}
          />
        </div>
        {incident?.own ?? true ? (
          <Readers everyone={everyone} accounts={accounts} onEveryone={setEveryone} onAccounts={setAccounts} />
        ) : null}
        <Stretches stretches={stretches} onStretches={setStretches} />
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || title.trim() === ""}>
            {m.page_keep()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

type ReadersProps = {
  everyone: boolean;
  accounts: string[];
  onEveryone: (everyone: boolean) => void;
  onAccounts: (accounts: string[]) => void;
};

function Readers({ everyone, accounts, onEveryone, onAccounts }: ReadersProps) {
  const { colleagues } = useStore(useApp().incidents);
  const choose = (account: string, chosen: boolean) =>
    onAccounts(chosen ? [...accounts, account] : accounts.filter((other) => other !== account));
  return (
    <>
      <Choice
        label={m.page_incident_readers()}
        name="readers"
        value={everyone ? "all" : "some"}
        onChange={(event) => onEveryone(event.target.value === "all")}
      >
        <option value="some">{m.page_incident_readers_some()}</option>
        <option value="all">{m.page_incident_readers_all()}</option>
      </Choice>
      {!everyone && colleagues.length > 0 ? (
        <div className="incident-readers">
          {colleagues.map(({ account, name }) => (
            <Checkbox key={account} className="check" isSelected={accounts.includes(account)} onChange={(chosen) => choose(account, chosen)}>
              <span className="check-box">
                <Check aria-hidden="true" />
              </span>
              <bdi>{name || account}</bdi>
            </Checkbox>
          ))}
        </div>
      ) : null}
    </>
  );
}

const MINUTE = 60_000;

function Stretches({ stretches, onStretches }: { stretches: Stretch[]; onStretches: (stretches: Stretch[]) => void }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const [camera, setCamera] = useState("");
  const add = () => {
    const last = stretches.at(-1);
    const until = last?.until ?? Date.now();
    onStretches([...stretches, { camera, from: last?.from ?? until - 10 * MINUTE, until }]);
    setCamera("");
  };
  return (
    <fieldset className="field-group incident-stretches">
      <legend>{m.page_incident_stretches()}</legend>
      {stretches.map((stretch, index) => (
        <div key={index} className="incident-stretch">
          <bdi>{cameraName(inventory, stretch.camera)}</bdi>
          <IconButton
            label={m.page_incident_remove_camera({ name: cameraName(inventory, stretch.camera) })}
            onPress={() => onStretches(stretches.filter((_, at) => at !== index))}
          >
            <X />
          </IconButton>
          <SpanFields span={stretch} onSpan={(span) => onStretches(stretches.map((each, at) => (at === index ? { ...each, ...span } : each)))} />
        </div>
      ))}
      <div className="incident-add">
        <Choice label={m.page_incident_add_camera()} value={camera} onChange={(event) => setCamera(event.target.value)}>
          <option value="">–</option>
          <CameraOptions />
        </Choice>
        <Button className="button" isDisabled={camera === ""} onPress={add}>
          <Plus />
          {m.page_incident_add_camera()}
        </Button>
      </div>
    </fieldset>
  );
}
