// Which server this workstation shares lines and viewers by, and how that stands. Only for who may change it.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { Notice, Sharing, SharingFields } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Choice, Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useWork } from "../state/work";
import { sharingInWords } from "../words/sharing";

const NATS = "nats://";

const RANKS: Record<number, () => string> = {
  9: m.page_sharing_rank_province,
  5: m.page_sharing_rank_district,
  0: m.page_sharing_rank_other,
};

export function SharingForm() {
  const app = useApp();
  const [sharing, setSharing] = useState<Sharing | null>(null);
  const [typed, setTyped] = useState<SharingFields | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  useEffect(() => {
    let gone = false;
    const stop = app.backend.onSharing((now) => setSharing(now));
    app.backend.sharing().then(
      (now) => (gone ? undefined : setSharing(now)),
      (error: unknown) => setProblem(error as Notice),
    );
    return () => {
      gone = true;
      void stop.then((end) => end());
    };
  }, [app]);
  if (!sharing) return problem ? <InlineNotice notice={problem} /> : null;
  const fields = typed ?? sharing.fields;
  const type = (change: Partial<SharingFields>) => setTyped({ ...fields, ...change });
  const text = (value: string) => (value === "" ? null : value);
  const changed = typed !== null && JSON.stringify(typed) !== JSON.stringify(sharing.fields);
  // Whatever was set elsewhere stays a choice.
  const ranks = [...new Set([9, 5, 0, fields.rank])].sort((a, b) => b - a);
  return (
    <form
      className="sharing"
      onSubmit={(event) => {
        event.preventDefault();
        work(async () => {
          await app.backend.setSharing(fields);
          setSharing(await app.backend.sharing());
          setTyped(null);
        });
      }}
    >
      <p className="field-hint">{m.page_sharing_text()}</p>
      <Field
        label={m.page_sharing_server()}
        hint={m.page_sharing_server_hint()}
        placeholder={NATS}
        inputMode="url"
        value={fields.server ?? ""}
        onChange={(event) => type({ server: text(event.target.value) })}
      />
      <Choice
        label={m.page_sharing_rank()}
        value={fields.rank}
        onChange={(event) => type({ rank: Number(event.target.value) })}
      >
        {ranks.map((rank) => (
          <option key={rank} value={rank}>
            {RANKS[rank]?.() ?? m.page_sharing_rank_at({ rank })}
          </option>
        ))}
      </Choice>
      <p className="field-hint">{m.page_sharing_rank_hint()}</p>
      <Field
        label={m.page_sharing_name()}
        hint={m.page_sharing_name_hint({ name: sharing.name })}
        value={fields.name ?? ""}
        onChange={(event) => type({ name: text(event.target.value) })}
      />
      <Field
        label={m.page_sharing_file()}
        hint={m.page_sharing_file_hint()}
        value={fields.file ?? ""}
        onChange={(event) => type({ file: text(event.target.value) })}
      />
      <div className="sharing-end">
        <Button type="submit" className={changed ? "button button-primary" : "button"} isDisabled={busy || !changed}>
          {m.page_sharing_keep()}
        </Button>
        <span className="sharing-state" role="status" data-state={sharing.status.state}>
          {sharingInWords(sharing.status)}
        </span>
      </div>
      {problem ? <InlineNotice notice={problem} /> : null}
      {sharing.trouble ? (
        <InlineNotice notice={{ level: "warning", title: m.page_sharing_lost(), detail: sharing.trouble }} />
      ) : null}
    </form>
  );
}
