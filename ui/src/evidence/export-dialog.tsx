// What is to be taken out, why and where to; a look ahead; then it goes on in the background.

import { useState } from "react";
import { Button } from "react-aria-components";
import { PackagePlus, X } from "lucide-react";
import type { ExportFields, Id, Notice, Preflight, PreflightCamera } from "../ipc/wire";
import { cameraName } from "../incidents/names";
import { SpanFields } from "../incidents/span-fields";
import { toWire, type Stretch } from "../incidents/times";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { IconButton } from "../parts/icon-button";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { lasting } from "../words/times";
import { sizeInWords } from "./sizes";

export type ExportDraft = { incident: Id | null; caseNumber: string; stretches: Stretch[] };

export function ExportDialog({ draft, onClose }: { draft: ExportDraft; onClose: () => void }) {
  const app = useApp();
  const usual = useStore(app.exports, (exports) => exports?.folder ?? "");
  const [stretches, setStretches] = useState(draft.stretches);
  const [caseNumber, setCaseNumber] = useState(draft.caseNumber);
  const [reason, setReason] = useState("");
  const [folder, setFolder] = useState("");
  const [name, setName] = useState("");
  const [ahead, setAhead] = useState<Preflight | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const fields = (): ExportFields => ({
    incident: draft.incident,
    stretches: stretches.map(toWire),
    case_number: caseNumber,
    reason,
    folder,
    name,
  });
  // Whatever is changed has not been looked at.
  const changing =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setAhead(null);
      set(value);
    };
  const check = () =>
    work(async () => {
      setAhead(await app.backend.preflightExport(fields()));
    });
  const begin = () =>
    work(async () => {
      await app.backend.beginExport(fields());
      app.notify({ level: "info", title: m.page_export_begun(), detail: "" });
      onClose();
    });
  const incomplete = reason.trim() === "" || stretches.length === 0;
  const ready = ahead !== null && ahead.problem === "";
  return (
    <CoveringDialog title={m.page_export_title()} wide onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!incomplete) (ready ? begin : check)();
        }}
      >
        <Cameras stretches={stretches} ahead={ahead} onStretches={changing(setStretches)} />
        <div className="field-row field-row-top">
          <Field
            label={m.page_export_reason()}
            name="reason"
            autoFocus
            maxLength={1000}
            hint={m.page_export_reason_hint()}
            value={reason}
            onChange={(event) => changing(setReason)(event.target.value)}
          />
          <Field
            label={m.page_incident_case()}
            name="case"
            maxLength={100}
            hint={m.page_incident_case_hint()}
            value={caseNumber}
            onChange={(event) => changing(setCaseNumber)(event.target.value)}
          />
        </div>
        <div className="field-row field-row-top">
          <Field
            label={m.page_export_folder()}
            name="folder"
            hint={m.page_export_folder_hint({ path: usual })}
            value={folder}
            onChange={(event) => changing(setFolder)(event.target.value)}
          />
          <Field
            label={m.page_export_name()}
            name="name"
            maxLength={200}
            hint={m.page_export_name_hint()}
            value={name}
            onChange={(event) => changing(setName)(event.target.value)}
          />
        </div>
        {ahead ? <Ahead ahead={ahead} /> : null}
        {busy && ahead === null ? (
          <p className="quiet" role="status">
            {m.page_export_checking()}
          </p>
        ) : null}
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || incomplete || (ahead !== null && !ready)}>
            {ready ? (
              <>
                <PackagePlus />
                {m.page_export_begin()}
              </>
            ) : (
              m.page_export_check()
            )}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

type CamerasProps = { stretches: Stretch[]; ahead: Preflight | null; onStretches: (stretches: Stretch[]) => void };

function Cameras({ stretches, ahead, onStretches }: CamerasProps) {
  const inventory = useStore(useApp().inventory);
  return (
    <div className="export-cameras">
      {stretches.map((stretch, index) => (
        <div key={stretch.camera} className="incident-stretch">
          <bdi>{cameraName(inventory, stretch.camera)}</bdi>
          <IconButton
            label={m.page_incident_remove_camera({ name: cameraName(inventory, stretch.camera) })}
            onPress={() => onStretches(stretches.filter((_, at) => at !== index))}
          >
            <X />
          </IconButton>
          <SpanFields span={stretch} onSpan={(span) => onStretches(stretches.map((each, at) => (at === index ? { ...each, ...span } : each)))} />
          {ahead?.cameras[index] ? <Held camera={ahead.cameras[index]} /> : null}
        </div>
      ))}
    </div>
  );
}

/** What its recorder has of the time. */
function Held({ camera }: { camera: PreflightCamera }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const { recorded, wanted, problem } = camera;
  const inWords = (seconds: number) => lasting(seconds * 1000, language);
  const said =
    problem ||
    (recorded === null
      ? m.page_export_recorded_unknown()
      : recorded < 1
        ? m.page_export_recorded_none()
        : recorded > wanted - 1
          ? m.page_export_recorded_all()
          : m.page_export_recorded({ recorded: inWords(recorded), wanted: inWords(wanted) }));
  const lacks = problem !== "" || (recorded !== null && recorded <= wanted - 1);
  return (
    <p className="export-held" data-lacks={lacks || undefined}>
      {said}
    </p>
  );
}

function Ahead({ ahead }: { ahead: Preflight }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  if (ahead.problem) return <InlineNotice notice={{ level: "error", title: ahead.problem, detail: ahead.folder }} />;
  const size = m.page_export_size({ size: sizeInWords(ahead.bytes, language), room: sizeInWords(ahead.room, language) });
  const takes = m.page_export_takes({ time: lasting(ahead.seconds * 1000, language) });
  const detail = [takes, ahead.four_eyes ? m.page_export_four_eyes() : "", ahead.folder].filter(Boolean).join(" · ");
  return <InlineNotice notice={{ level: "info", title: size, detail }} />;
}
