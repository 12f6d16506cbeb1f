// What is to be taken out, why and where to; a look ahead; then it goes on in the background.

import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { Check, EyeOff, PackagePlus, X } from "lucide-react";
import type { ExportFields, Id, Mask, Notice, Preflight, PreflightCamera } from "../ipc/wire";
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
import { MaskDialog } from "./mask-dialog";
import { PathField } from "./path-field";
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
  const [viewing, setViewing] = useState(false);
  const [masks, setMasks] = useState<Record<Id, Mask[]>>({});
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
    viewing,
    masks: viewing ? stretches.map(({ camera }) => ({ camera, masks: masks[camera] ?? [] })).filter((each) => each.masks.length > 0) : [],
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
          <PathField
            label={m.page_export_folder()}
            name="folder"
            hint={m.page_export_folder_hint({ path: usual })}
            value={folder}
            onPath={changing(setFolder)}
            onProblem={setProblem}
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
        <Viewing viewing={viewing} stretches={stretches} masks={masks} onViewing={changing(setViewing)} onMasks={setMasks} />
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

type ViewingProps = {
  viewing: boolean;
  stretches: Stretch[];
  masks: Record<Id, Mask[]>;
  onViewing: (viewing: boolean) => void;
  onMasks: (masks: Record<Id, Mask[]>) => void;
};

/** A copy that is only to be looked at, beside the originals. */
function Viewing({ viewing, stretches, masks, onViewing, onMasks }: ViewingProps) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const possible = useStore(app.exports, (exports) => exports?.copies ?? false);
  const [masking, setMasking] = useState<Stretch | null>(null);
  const count = (camera: Id) => masks[camera]?.length ?? 0;
  return (
    <div className="viewing">
      <Checkbox className="check" isSelected={viewing && possible} isDisabled={!possible} onChange={onViewing}>
        <span className="check-box">
          <Check aria-hidden="true" />
        </span>
        {m.page_viewing_copy()}
      </Checkbox>
      <p className="field-hint">{possible ? m.page_viewing_copy_text() : m.page_viewing_copy_none()}</p>
      {viewing && possible ? (
        <ul className="viewing-masks" aria-label={m.page_masks()}>
          {stretches.map((stretch) => (
            <li key={stretch.camera}>
              <bdi>{cameraName(inventory, stretch.camera)}</bdi>
              <span className="quiet">{count(stretch.camera) > 0 ? m.page_masks_count({ count: count(stretch.camera) }) : m.page_masks_none()}</span>
              <Button
                className="button button-small"
                aria-label={m.page_masks_of({ name: cameraName(inventory, stretch.camera) })}
                onPress={() => setMasking(stretch)}
              >
                <EyeOff />
                {m.page_masks_edit()}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {masking ? (
        <MaskDialog
          stretch={masking}
          masks={masks[masking.camera] ?? []}
          onMasks={(own) => onMasks({ ...masks, [masking.camera]: own })}
          onClose={() => setMasking(null)}
        />
      ) : null}
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
