// What has been taken out: running, stopped, complete; with what can be done with each.

import { useState } from "react";
import { Button, ProgressBar } from "react-aria-components";
import { CirclePause, FileLock2, Play, ShieldCheck, Stamp, Trash2 } from "lucide-react";
import type { Export, Id } from "../ipc/wire";
import { cameraName } from "../incidents/names";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { Question } from "../parts/question";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { percent } from "../words/numbers";
import { exactly } from "../words/times";
import { ReleaseDialog, SealDialog } from "./package-dialogs";
import { sizeInWords } from "./sizes";

/** Of one incident, or all. */
export function ExportsList({ of, onVerify }: { of?: Id; onVerify: (path: string) => void }) {
  const app = useApp();
  const all = useStore(app.exports, (exports) => exports?.exports ?? []);
  const key = useStore(app.exports, (exports) => exports?.key ?? null);
  const shown = of === undefined ? all : all.filter((each) => each.incident === of);
  if (shown.length === 0) {
    return (
      <div className="nothing" role="status">
        <p>{m.page_exports_none()}</p>
        <p className="nothing-hint">{m.page_exports_none_hint()}</p>
      </div>
    );
  }
  return (
    <>
      <ul className="exports" aria-label={m.page_exports()}>
        {shown.map((each) => (
          <Entry key={each.id} export={each} onVerify={onVerify} />
        ))}
      </ul>
      {of === undefined && key ? (
        <p className="quiet export-key">
          {m.page_evidence_own_key({ key })}
        </p>
      ) : null}
    </>
  );
}

function stateInWords(each: Export): string {
  switch (each.state) {
    case "running":
      return m.page_export_running();
    case "stopped":
      return m.page_export_stopped();
    case "interrupted":
      return m.page_export_interrupted();
    case "failed":
      return m.page_export_failed();
    case "removed":
      return m.page_export_removed();
    case "complete":
      if (each.released_by !== null) return m.page_export_released({ name: each.released_by });
      return each.four_eyes ? m.page_export_waits_release() : m.page_export_complete();
  }
}

function Entry({ export: each, onVerify }: { export: Export; onVerify: (path: string) => void }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const waits = each.state === "complete" && each.four_eyes && each.released_by === null;
  const stuck = each.state === "stopped" || each.state === "interrupted" || each.state === "failed";
  const look = waits || stuck ? "attention" : each.state;
  return (
    <li className="export" data-state={each.state}>
      <div className="export-head">
        <bdi className="export-name">{each.name}</bdi>
        <span className="export-state" data-look={look}>
          {stateInWords(each)}
        </span>
      </div>
      <p className="quiet">
        <bdi>{each.by}</bdi> · {exactly(each.at, language)}
        {each.case_number ? (
          <>
            {" "}
            · <bdi>{each.case_number}</bdi>
          </>
        ) : null}
        {" · "}
        {sizeInWords(each.bytes, language)}
      </p>
      <p>
        <bdi>{each.reason}</bdi>
      </p>
      {each.state === "running" ? <Running export={each} /> : null}
      {each.text ? <p className="export-text">{each.text}</p> : null}
      {each.state === "removed" ? null : <p className="export-path">{each.path}</p>}
      {each.sha256 ? <p className="export-path">{m.page_export_sha256({ hash: each.sha256 })}</p> : null}
      {each.sealed ? (
        <p className="export-path">
          {m.page_export_sealed()}: {each.sealed}
        </p>
      ) : null}
      <Actions export={each} stuck={stuck} onVerify={onVerify} />
    </li>
  );
}

function Running({ export: each }: { export: Export }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  return (
    <>
      <ProgressBar aria-label={each.name} value={each.share * 100}>
        <div className="progress">
          <div style={{ inlineSize: `${each.share * 100}%` }} />
        </div>
      </ProgressBar>
      <ul className="export-progress">
        {each.cameras.map((camera) => (
          <li key={camera.camera} data-failed={camera.failed || undefined}>
            <bdi>{cameraName(inventory, camera.camera)}</bdi>
            <span>{percent(camera.share, language)}</span>
            <span>{camera.text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

type Asked = "remove" | "gaps" | "seal" | "release" | null;

function Actions({ export: each, stuck, onVerify }: { export: Export; stuck: boolean; onVerify: (path: string) => void }) {
  const app = useApp();
  const [asked, setAsked] = useState<Asked>(null);
  const shut = () => setAsked(null);
  const small = "button button-small";
  const resume = (leaveGaps: boolean) => app.run(app.backend.resumeExport(each.id, leaveGaps));
  return (
    <div className="incident-actions">
      {each.state === "running" && each.own ? (
        <Button className={small} onPress={() => app.run(app.backend.stopExport(each.id, false))}>
          <CirclePause />
          {m.page_export_stop()}
        </Button>
      ) : null}
      {stuck && each.own ? (
        <>
          <Button className={small} onPress={() => resume(false)}>
            <Play />
            {m.page_export_resume()}
          </Button>
          <Button className={small} onPress={() => setAsked("gaps")}>
            {m.page_export_finish_gaps()}
          </Button>
          <Button className={small} onPress={() => setAsked("remove")}>
            <Trash2 />
            {m.page_export_remove()}
          </Button>
        </>
      ) : null}
      {each.state === "complete" ? (
        <>
          <Button className={small} onPress={() => onVerify(each.path)}>
            <ShieldCheck />
            {m.page_package_verify()}
          </Button>
          {each.may_release ? (
            <Button className={`${small} button-primary`} onPress={() => setAsked("release")}>
              <Stamp />
              {m.page_package_release()}
            </Button>
          ) : null}
          {app.may("export") && !each.sealed ? (
            <Button className={small} isDisabled={each.four_eyes && each.released_by === null} onPress={() => setAsked("seal")}>
              <FileLock2 />
              {m.page_package_seal()}
            </Button>
          ) : null}
          <CopyButton text={() => each.path} label={m.page_package_path_copy()} />
        </>
      ) : null}
      {asked === "remove" ? (
        <Question
          title={m.page_export_remove()}
          yes={m.page_export_remove()}
          onYes={() => app.run(app.backend.stopExport(each.id, true))}
          onClose={shut}
        >
          {m.page_export_remove_text({ name: each.name })}
        </Question>
      ) : null}
      {asked === "gaps" ? (
        <Question title={m.page_export_finish_gaps()} yes={m.page_export_finish_gaps()} onYes={() => resume(true)} onClose={shut}>
          {m.page_export_finish_gaps_text()}
        </Question>
      ) : null}
      {asked === "seal" ? <SealDialog export={each} onClose={shut} /> : null}
      {asked === "release" ? <ReleaseDialog export={each} onClose={shut} /> : null}
    </div>
  );
}
