import { useState } from "react";
import { Button } from "react-aria-components";
import type { Notice, StockState } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { Question } from "../parts/question";
import { useApp } from "../state/app";
import { useWork } from "../state/work";

type Props = { state: StockState; onChanged: () => Promise<void> };

/** Who vouches for the inventory: one machine signs, the others ask for its signature. */
export function Signing({ state, onChanged }: Props) {
  const app = useApp();
  const [key, setKey] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const [asking, setAsking] = useState<"make" | "drop" | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const enrol = (next: string | null) =>
    work(async () => {
      await app.backend.enrolKey(next);
      setKey("");
      await onChanged();
    });
  const make = () =>
    work(async () => {
      setMade(await app.backend.makeSigningKey());
      await onChanged();
    });

  return (
    <section aria-labelledby="signing-title">
      <h2 id="signing-title">{m.page_signing()}</h2>
      <p className="quiet">{m.page_signing_text()}</p>
      {problem ? <InlineNotice notice={problem} /> : null}
      <div className="stock-key">
        <h3>{m.page_signing_enrolled()}</h3>
        {state.enrolled_key ? <Groups value={state.enrolled_key} /> : <p className="quiet">{m.page_signing_none_enrolled()}</p>}
        <form
          className="stock-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (key.trim()) enrol(key.trim());
          }}
        >
          <Field label={m.page_signing_paste()} hint={m.page_signing_compare()} value={key} onChange={(event) => setKey(event.target.value)} />
          <div className="stock-buttons">
            <Button type="submit" className="button" isDisabled={busy || key.trim() === ""}>
              {m.page_signing_enrol()}
            </Button>
            {state.enrolled_key ? (
              <Button className="button" isDisabled={busy} onPress={() => setAsking("drop")}>
                {m.page_signing_drop()}
              </Button>
            ) : null}
          </div>
        </form>
      </div>
      <div className="stock-key">
        <h3>{m.page_signing_own()}</h3>
        {state.own_key ? <Groups value={state.own_key} /> : <p className="quiet">{m.page_signing_no_own()}</p>}
        {made ? (
          <div className="stock-made">
            <p>{m.page_signing_made()}</p>
            <code className="key-text">{made}</code>
            <CopyButton text={() => made} />
          </div>
        ) : null}
        <Button className="button" isDisabled={busy} onPress={() => (state.own_key ? setAsking("make") : make())}>
          {state.own_key ? m.page_signing_make_new() : m.page_signing_make()}
        </Button>
      </div>
      {asking ? (
        <Question
          title={asking === "make" ? m.page_signing_make_new() : m.page_signing_drop()}
          yes={asking === "make" ? m.page_signing_make_new() : m.page_signing_drop()}
          onYes={() => (asking === "make" ? make() : enrol(null))}
          onClose={() => setAsking(null)}
        >
          {asking === "make" ? m.page_signing_make_new_text() : m.page_signing_drop_text()}
        </Question>
      ) : null}
    </section>
  );
}

/** Groups that two people can read to each other. */
function Groups({ value }: { value: string }) {
  return (
    <p className="key-groups" role="img" aria-label={m.page_signing_groups({ groups: value })}>
      {value.split(" ").map((group, index) => (
        <span key={index} aria-hidden="true">
          {group}
        </span>
      ))}
    </p>
  );
}
