// One incident: where and when, what was marked, written down, taken out and done.

import { useState } from "react";
import { Button } from "react-aria-components";
import { FileText, LockKeyhole, LockKeyholeOpen, PackagePlus, Pencil, Play } from "lucide-react";
import type { Id, Incident } from "../ipc/wire";
import { ExportsList } from "../evidence/exports-list";
import { m } from "../paraglide/messages.js";
import { Section } from "../parts/section";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { exactly } from "../words/times";
import { BookmarksTable } from "./bookmarks-list";
import { playAt } from "./jump";
import { cameraName } from "./names";
import { byCamera, fromWire, spanInWords } from "./times";

/** As many as a wall plays at once. */
const MOST_PLAYED = 16;

type Props = { id: Id | null; onEdit: (incident: Incident) => void; onVerify: (path: string) => void };

export function IncidentDetail({ id, onEdit, onVerify }: Props) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const { incidents, bookmarks, colleagues } = useStore(app.incidents);
  const exports = useStore(app.exports);
  const incident = incidents.find((each) => each.id === id);
  if (!incident) {
    return (
      <div className="incident-detail nothing">
        <p>{m.page_incident_choose()}</p>
      </div>
    );
  }
  const names = incident.accounts.map((account) => colleagues.find((each) => each.account === account)?.name || account);
  const readers = incident.everyone
    ? m.page_incident_readers_all()
    : names.length > 0
      ? m.page_incident_readers_with({ names: names.join(", ") })
      : m.page_incident_readers_alone();
  const marked = bookmarks.filter((bookmark) => bookmark.incident === incident.id);
  const taken = exports?.exports.filter((each) => each.incident === incident.id) ?? [];
  return (
    <article className="incident-detail" aria-labelledby="incident-title">
      <header>
        <h2 id="incident-title">
          <bdi>{incident.title}</bdi>
        </h2>
        <p className="quiet">
          {incident.case_number ? (
            <>
              {m.page_incident_case()}: <bdi>{incident.case_number}</bdi> ·{" "}
            </>
          ) : null}
          {incident.closed ? m.page_incident_closed() : m.page_incident_open()} ·{" "}
          {m.page_incident_began({ name: incident.by, time: exactly(incident.at, language) })}
        </p>
        <p className="quiet">
          {m.page_incident_readers()}: {readers}
        </p>
        <Actions incident={incident} onEdit={() => onEdit(incident)} />
      </header>
      <Section title={m.page_incident_stretches()}>
        <Stretches incident={incident} />
      </Section>
      {marked.length > 0 ? (
        <Section title={m.page_bookmarks()}>
          <BookmarksTable bookmarks={marked} />
        </Section>
      ) : null}
      <Notes key={incident.id} incident={incident} />
      {taken.length > 0 ? (
        <Section title={m.page_exports()}>
          <ExportsList of={incident.id} onVerify={onVerify} />
        </Section>
      ) : null}
      <Section title={m.page_incident_history()}>
        <ol className="incident-lines">
          {incident.history.map((done, index) => (
            <li key={index}>
              <time>{exactly(done.at, language)}</time>
              <bdi>{done.by}</bdi>
              <span>{done.text}</span>
            </li>
          ))}
        </ol>
      </Section>
    </article>
  );
}

function Actions({ incident, onEdit }: { incident: Incident; onEdit: () => void }) {
  const app = useApp();
  const { busy, work } = useWork();
  const stretches = incident.stretches.map(fromWire);
  const first = Math.min(...stretches.map((stretch) => stretch.from));
  const none = stretches.length === 0;
  const report = () =>
    work(async () => {
      const { path } = await app.backend.incidentReport(incident.id);
      app.notify({ level: "info", title: m.page_incident_report_made(), detail: path });
    });
  const draft = { incident: incident.id, caseNumber: incident.case_number, stretches: byCamera(stretches) };
  return (
    <div className="incident-actions">
      <Button
        className="button button-small"
        isDisabled={none}
        onPress={() => work(() => playAt(app, byCamera(stretches).map((stretch) => stretch.camera).slice(0, MOST_PLAYED), first))}
      >
        <Play />
        {m.page_incident_play()}
      </Button>
      {app.may("export") ? (
        <Button className="button button-small" isDisabled={none} onPress={() => app.view.patch({ dialog: { export: draft } })}>
          <PackagePlus />
          {m.page_export_footage()}
        </Button>
      ) : null}
      <Button className="button button-small" isDisabled={busy} onPress={report}>
        <FileText />
        {m.page_incident_report()}
      </Button>
      <Button className="button button-small" isDisabled={incident.closed} onPress={onEdit}>
        <Pencil />
        {m.page_incident_edit()}
      </Button>
      <Button className="button button-small" isDisabled={busy} onPress={() => work(() => app.backend.closeIncident(incident.id, !incident.closed))}>
        {incident.closed ? <LockKeyholeOpen /> : <LockKeyhole />}
        {incident.closed ? m.page_incident_reopen() : m.page_incident_close()}
      </Button>
    </div>
  );
}

function Stretches({ incident }: { incident: Incident }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  if (incident.stretches.length === 0) return <p className="quiet">{m.page_incident_no_stretches()}</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{m.page_bookmark_cameras()}</th>
          <th scope="col">{m.page_incident_from()} – {m.page_incident_until()}</th>
          <th scope="col">
            <span className="unseen">{m.page_incident_play()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {incident.stretches.map(fromWire).map((stretch, index) => (
          <tr key={index}>
            <th scope="row">
              <bdi>{cameraName(inventory, stretch.camera)}</bdi>
            </th>
            <td>{spanInWords(stretch)}</td>
            <td className="table-actions">
              <PlayButton cameras={[stretch.camera]} at={stretch.from} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** To the place in the recordings. */
export function PlayButton({ cameras, at }: { cameras: Id[]; at: number }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const name = cameras.map((camera) => cameraName(inventory, camera)).join("; ");
  return (
    <Button
      className="button button-small"
      aria-label={m.page_incident_play_at({ name, time: spanInWords({ from: at, until: at }) })}
      onPress={() => app.run(playAt(app, cameras, at))}
    >
      <Play />
      {m.page_incident_play()}
    </Button>
  );
}

function Notes({ incident }: { incident: Incident }) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const [text, setText] = useState("");
  const { busy, work } = useWork();
  const add = () =>
    work(async () => {
      await app.backend.noteIncident(incident.id, text);
      setText("");
    });
  return (
    <Section title={m.page_incident_notes()}>
      {incident.notes.length === 0 ? <p className="quiet">{m.page_incident_no_notes()}</p> : null}
      <ol className="incident-lines">
        {incident.notes.map((note, index) => (
          <li key={index}>
            <time>{exactly(note.at, language)}</time>
            <bdi>{note.by}</bdi>
            <bdi className="incident-note">{note.text}</bdi>
          </li>
        ))}
      </ol>
      {incident.closed ? null : (
        <form
          className="incident-note-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) add();
          }}
        >
          <textarea
            name="note"
            rows={2}
            maxLength={4000}
            aria-label={m.page_incident_note_field()}
            placeholder={m.page_incident_note_field()}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" className="button" isDisabled={busy || text.trim() === ""}>
            {m.page_incident_note_add()}
          </Button>
        </form>
      )}
    </Section>
  );
}
