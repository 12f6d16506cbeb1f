import { useState } from "react";
import { Button } from "react-aria-components";
import { RefreshCw } from "lucide-react";
import type { Notice, StockState } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { ago, exactly } from "../words/times";
import { useWork } from "../state/work";

const HTTPS = "https://";

type Props = { state: StockState; onChanged: () => Promise<void> };

/** A place that all workstations fetch the same inventory from. */
export function Source({ state, onChanged }: Props) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const [source, setSource] = useState(state.source ?? "");
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const changed = source.trim() !== (state.source ?? "");
  const then = (what: Promise<void>) =>
    work(async () => {
      await what.finally(onChanged);
    });
  return (
    <section aria-labelledby="source-title">
      <h2 id="source-title">{m.page_source()}</h2>
      <p className="quiet">{m.page_source_text()}</p>
      <form
        className="stock-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) then(app.backend.setStockSource(source.trim() || null));
        }}
      >
        <Field
          label={m.page_source_place()}
          hint={m.page_source_hint()}
          placeholder={HTTPS}
          value={source}
          onChange={(event) => setSource(event.target.value)}
        />
        <div className="stock-buttons">
          <Button type="submit" className={changed ? "button button-primary" : "button"} isDisabled={busy || !changed}>
            {m.page_source_keep()}
          </Button>
          <Button className="button" isDisabled={busy || state.source === null} onPress={() => then(app.backend.fetchStock())}>
            <RefreshCw className={busy ? "busy" : ""} />
            {m.page_source_fetch()}
          </Button>
        </div>
      </form>
      {problem ? <InlineNotice notice={problem} /> : null}
      {state.problem ? (
        <InlineNotice notice={{ level: "warning", title: m.page_source_problem(), detail: state.problem }} />
      ) : null}
      <p className="quiet" title={state.fetched === null ? undefined : exactly(state.fetched, language)}>
        {state.fetched === null ? m.page_source_never() : m.page_source_fetched({ ago: ago(state.fetched, language) })}
        {state.serial === null ? null : ` ${m.page_source_serial({ serial: state.serial })}`}
      </p>
    </section>
  );
}
