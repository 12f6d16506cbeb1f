// A list that is brought in: chosen or dropped, looked at, and only then taken over.

import { useRef, useState, type DragEvent } from "react";
import { Button } from "react-aria-components";
import { FileSpreadsheet, LoaderCircle, Upload } from "lucide-react";
import type { ImportOptions, ImportPreview, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { InlineNotice } from "../parts/inline-notice";
import { noticeOf, useApp } from "../state/app";
import { isolated } from "../words/names";
import { ImportPreviewView } from "./import-preview";
import { MOST_BYTES, readFile, type Chosen } from "./read-file";

export function Import() {
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const [busy, setBusy] = useState(false);
  const [dropping, setDropping] = useState(false);
  // A second file may be chosen before the first one has been looked at.
  const turn = useRef(0);

  const carry = async (work: () => Promise<void>) => {
    turn.current += 1;
    const own = turn.current;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (own === turn.current) setProblem(noticeOf(error));
    } finally {
      if (own === turn.current) setBusy(false);
    }
  };
  const look = async (file: Chosen, options: ImportOptions) => {
    const own = turn.current;
    const seen = await app.backend.previewImport(file.name, file.content, options);
    if (own === turn.current) setPreview(seen);
  };
  const choose = (file: File | undefined) => {
    if (!file) return;
    setPreview(null);
    setChosen(null);
    if (file.size > MOST_BYTES) {
      setProblem({ level: "error", title: m.page_import_too_large(), detail: m.page_import_too_large_detail() });
      return;
    }
    void carry(async () => {
      const own = turn.current;
      const read = await readFile(file);
      if (own !== turn.current) return;
      setChosen(read);
      await look(read, { template: null, name: null });
    });
  };
  const leave = () => {
    turn.current += 1;
    setChosen(null);
    setPreview(null);
    setProblem(null);
    setBusy(false);
  };
  const takeOver = (token: number) =>
    carry(async () => {
      await app.backend.applyImport(token);
      app.notify({ level: "info", title: m.page_import_done(), detail: chosen?.name ?? "" });
      leave();
    });
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    choose(event.dataTransfer.files[0]);
  };

  return (
    <section className="stock-import" aria-labelledby="import-title">
      <h2 id="import-title">{m.page_import()}</h2>
      <div
        className="drop-box"
        data-dropping={dropping || undefined}
        data-small={preview !== null || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={onDrop}
      >
        {busy ? <LoaderCircle className="busy" aria-hidden="true" /> : chosen ? <FileSpreadsheet aria-hidden="true" /> : <Upload aria-hidden="true" />}
        <p role="status">
          {busy ? m.page_import_looking() : chosen ? m.page_import_chosen({ name: isolated(chosen.name) }) : m.page_import_drop()}
        </p>
        <Button className="button" onPress={() => input.current?.click()}>
          {chosen ? m.page_import_choose_other() : m.page_import_choose()}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-hidden="true"
          accept=".csv,.xlsx,.json,.txt"
          onChange={(event) => {
            choose(event.target.files?.[0]);
            // The same file, corrected, may be chosen again.
            event.target.value = "";
          }}
        />
      </div>
      {problem ? <InlineNotice notice={problem} /> : null}
      {preview && chosen ? (
        <ImportPreviewView
          key={chosen.content}
          preview={preview}
          busy={busy}
          onLook={(options) => void carry(() => look(chosen, options))}
          onTakeOver={() => void takeOver(preview.token)}
          onLeave={leave}
        />
      ) : null}
    </section>
  );
}
