import { useState } from "react";
import { Button } from "react-aria-components";
import type { Counts, ImportOptions, ImportPreview } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { Question } from "../parts/question";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { whole } from "../words/numbers";
import { RowErrors } from "./row-errors";

type Props = {
  preview: ImportPreview;
  busy: boolean;
  onLook: (options: ImportOptions) => void;
  onTakeOver: () => void;
  onLeave: () => void;
};

const TEMPLATE = "rtsp://{recorder}/ch{channel}/{profile}";

const any = (counts: Counts) => counts.sites + counts.recorders + counts.cameras > 0;

/** What the file would do. Nothing is done before "take over", and nothing at all while a row is wrong. */
export function ImportPreviewView({ preview, busy, onLook, onTakeOver, onLeave }: Props) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const [template, setTemplate] = useState("");
  const [name, setName] = useState("");
  const [asking, setAsking] = useState(false);
  // An error of the file as a whole about its addresses: a template heals it. Once asked for, the field stays.
  const [lacking, setLacking] = useState(false);
  const lacks = preview.needs_template;
  if (lacks && !lacking) setLacking(true);
  const broken = preview.error_count > 0;
  const removes = any(preview.removed);
  const changes = removes || any(preview.added) || any(preview.changed);
  const look = () => onLook({ template: template.trim() || null, name: name.trim() || null });
  return (
    <div className="import-preview">
      <p>{m.page_import_shape({ shape: preview.shape, rows: whole(preview.rows, language) })}</p>
      <ChangeTable preview={preview} />
      {preview.examples.length > 0 ? (
        <p className="quiet">
          {m.page_import_examples()}{" "}
          {preview.examples.map((example, index) => (
            <span key={index}>
              {index > 0 ? ", " : null}
              <bdi>{example}</bdi>
            </span>
          ))}
        </p>
      ) : null}
      <form
        className="import-options"
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        {lacking ? (
          <Field
            label={m.page_import_template()}
            hint={m.page_import_template_hint({ recorder: "{host}", channel: "{channel}", profile: "{profile}" })}
            placeholder={TEMPLATE}
            value={template}
            onChange={(event) => setTemplate(event.target.value)}
          />
        ) : null}
        <Field label={m.page_import_name()} hint={m.page_import_name_hint()} value={name} onChange={(event) => setName(event.target.value)} />
        <Button type="submit" className="button" isDisabled={busy || (template.trim() === "" && name.trim() === "")}>
          {m.page_import_look_again()}
        </Button>
      </form>
      {broken ? <RowErrors preview={preview} /> : null}
      <div className="import-actions">
        <p className={broken ? "import-blocked" : "quiet"}>
          {broken ? m.page_import_blocked() : changes ? m.page_import_ready() : m.page_import_same()}
        </p>
        <Button className="button" onPress={onLeave}>
          {m.page_cancel()}
        </Button>
        <Button
          className="button button-primary"
          isDisabled={broken || busy || !changes}
          onPress={() => (removes ? setAsking(true) : onTakeOver())}
        >
          {m.page_import_take_over()}
        </Button>
      </div>
      {asking ? (
        <Question
          title={m.page_import_removes()}
          yes={m.page_import_take_over()}
          onYes={onTakeOver}
          onClose={() => setAsking(false)}
        >
          {m.page_import_removes_text({
            sites: whole(preview.removed.sites, language),
            recorders: whole(preview.removed.recorders, language),
            cameras: whole(preview.removed.cameras, language),
          })}
        </Question>
      ) : null}
    </div>
  );
}

function ChangeTable({ preview }: { preview: ImportPreview }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const rows: [string, Counts, string][] = [
    [m.page_import_added(), preview.added, "added"],
    [m.page_import_changed(), preview.changed, "changed"],
    [m.page_import_removed(), preview.removed, "removed"],
  ];
  return (
    <table className="change-table">
      <thead>
        <tr>
          <td />
          <th scope="col">{m.page_stock_sites()}</th>
          <th scope="col">{m.page_stock_recorders()}</th>
          <th scope="col">{m.page_stock_cameras()}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, counts, change]) => (
          <tr key={change} data-change={any(counts) ? change : undefined}>
            <th scope="row">{name}</th>
            <td>{whole(counts.sites, language)}</td>
            <td>{whole(counts.recorders, language)}</td>
            <td>{whole(counts.cameras, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
