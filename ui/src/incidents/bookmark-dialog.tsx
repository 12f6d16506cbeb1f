// A place in the recordings, in somebody's words, with or without an incident.

import { useState } from "react";
import { Button } from "react-aria-components";
import type { Id, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Choice, Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { cameraName } from "./names";
import { SpanFields } from "./span-fields";
import { toPeriod } from "./times";

export type BookmarkDraft = { id: Id | null; cameras: Id[]; from: number; until: number; words: string; incident: Id | null };

const NEW = "new";

export function BookmarkDialog({ draft, onClose }: { draft: BookmarkDraft; onClose: () => void }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const { incidents } = useStore(app.incidents);
  const [words, setWords] = useState(draft.words);
  const [span, setSpan] = useState({ from: draft.from, until: draft.until });
  const [incident, setIncident] = useState(draft.incident ?? "");
  const [title, setTitle] = useState("");
  const [caseNumber, setCaseNumber] = useState("");
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const untitled = incident === NEW && title.trim() === "";
  const keep = () =>
    work(async () => {
      const fields = { id: null, title, case_number: caseNumber, everyone: false, accounts: [], stretches: [] };
      const belongs = incident === NEW ? await app.backend.saveIncident(fields) : incident === "" ? null : incident;
      // If the bookmark is refused, the incident is there already, and is not begun twice.
      setIncident(belongs ?? "");
      await app.backend.saveBookmark({ id: draft.id, cameras: draft.cameras, period: toPeriod(span), words, incident: belongs });
      app.notify({ level: "info", title: m.page_bookmark_kept(), detail: words });
      onClose();
    });
  return (
    <CoveringDialog title={draft.id === null ? m.page_bookmark_title() : m.page_bookmark_edit()} onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!untitled) keep();
        }}
      >
        <p className="bookmark-cameras">
          {draft.cameras.map((camera) => (
            <bdi key={camera}>{cameraName(inventory, camera)}</bdi>
          ))}
        </p>
        <Field
          label={m.page_bookmark_words()}
          name="words"
          autoFocus
          maxLength={500}
          placeholder={m.page_bookmark_words_hint()}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <SpanFields span={span} onSpan={setSpan} />
        <Choice label={m.page_bookmark_incident()} name="incident" value={incident} onChange={(event) => setIncident(event.target.value)}>
          <option value="">{m.page_bookmark_no_incident()}</option>
          {incidents
            .filter((each) => !each.closed || each.id === draft.incident)
            .map((each) => (
              <option key={each.id} value={each.id}>
                {each.case_number ? `${each.title} (${each.case_number})` : each.title}
              </option>
            ))}
          <option value={NEW}>{m.page_bookmark_new_incident()}</option>
        </Choice>
        {incident === NEW ? (
          <div className="field-row field-row-top">
            <Field label={m.page_incident_title()} name="title" maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
            <Field label={m.page_incident_case()} name="case" maxLength={100} value={caseNumber} onChange={(event) => setCaseNumber(event.target.value)} />
          </div>
        ) : null}
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || untitled}>
            {m.page_keep()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}
