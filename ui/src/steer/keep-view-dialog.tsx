import { useState } from "react";
import { Button } from "react-aria-components";
import type { Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useWork } from "../state/work";

/** A name for how the picture in slot `at` is looked at; the same name replaces. */
export function KeepViewDialog({ at, onClose }: { at: number; onClose: () => void }) {
  const app = useApp();
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const keep = () =>
    work(async () => {
      await app.backend.keepView(app.wall().id, at, name.trim());
      onClose();
    });
  return (
    <CoveringDialog title={m.page_look_keep_title()} onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) keep();
        }}
      >
        <Field label={m.page_look_name()} hint={m.page_look_name_hint()} autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || name.trim() === ""}>
            {m.page_keep()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}
