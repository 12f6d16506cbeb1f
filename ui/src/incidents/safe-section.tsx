// How much room copies of marked footage may take on this machine, for administrators.

import { useState } from "react";
import { Button } from "react-aria-components";
import { sizeInWords } from "../evidence/sizes";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { Section } from "../parts/section";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";

export function SafeSection() {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const safe = useStore(app.safe);
  const [typed, setTyped] = useState<string | null>(null);
  const { busy, work } = useWork();
  if (!safe) return null;
  const limit = typed ?? String(safe.limit_gb);
  const amount = Number(limit);
  const sound = Number.isInteger(amount) && amount >= 1;
  return (
    <Section title={m.page_safe_room()} className="safe-room">
      <p className="section-text">
        {m.page_safe_room_text({ used: sizeInWords(safe.used, language), room: sizeInWords(safe.room, language) })}
      </p>
      <form
        className="field-row evidence-add"
        onSubmit={(event) => {
          event.preventDefault();
          if (!sound) return;
          work(async () => {
            await app.backend.setSafeLimit(amount);
            setTyped(null);
          });
        }}
      >
        <Field label={m.page_safe_limit()} name="safe-limit" type="number" min={1} max={100_000} value={limit} onChange={(event) => setTyped(event.target.value)} />
        <Button type="submit" className="button" isDisabled={busy || !sound || amount === safe.limit_gb}>
          {m.page_safe_limit_keep()}
        </Button>
      </form>
    </Section>
  );
}
