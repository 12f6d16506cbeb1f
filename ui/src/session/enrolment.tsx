// A telephone becomes a second factor: read the picture, show that it makes codes, keep the codes for when it is lost.
// What the telephone needs and the recovery codes are shown once and are gone from the page with these parts.

import { createPortal } from "react-dom";
import { Button } from "react-aria-components";
import { Printer } from "lucide-react";
import type { Enrolment } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { PasswordField } from "./password-field";
import { useSecretForm } from "./secret-form";

/** The password shows that whoever stands here is still who has signed in. */
export function Begin({ onBegun }: { onBegun: (enrolment: Enrolment) => void }) {
  const app = useApp();
  const form = useSecretForm(async (field) => onBegun(await app.backend.beginSecondFactor(field("password"))));
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <PasswordField label={m.page_password_old()} name="password" autoComplete="current-password" required autoFocus />
      <Button type="submit" className="button button-primary" isPending={form.busy}>
        {m.page_continue()}
      </Button>
    </form>
  );
}

type ScanProps = { enrolment: Enrolment; onSent?: () => void; onCodes: (codes: string[]) => void };

/** `onSent` comes before the program knows: with its answer the session may already be another one. */
export function Scan({ enrolment, onSent, onCodes }: ScanProps) {
  const app = useApp();
  const form = useSecretForm(async (field) => {
    onSent?.();
    onCodes(await app.backend.confirmSecondFactor(field("code").replace(/\s/g, "")));
  });
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      <div className="enrolment">
        <img src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr)}`} alt={m.page_second_qr()} />
        <div className="enrolment-words">
          <p>{m.page_second_scan()}</p>
          <p className="quiet">{m.page_second_typed()}</p>
          <p className="typed-code">{enrolment.typed}</p>
        </div>
      </div>
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <Field
        label={m.page_second_code()}
        name="code"
        className="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        data-secret=""
        maxLength={7}
        required
        autoFocus
      />
      <Button type="submit" className="button button-primary" isPending={form.busy}>
        {m.page_second_confirm()}
      </Button>
    </form>
  );
}

function CodeList({ codes }: { codes: string[] }) {
  return (
    <ol className="recovery" aria-label={m.page_recovery()}>
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ol>
  );
}

/** On the screen, and once more outside of the page for the printer alone. */
export function Codes({ account, codes, onDone }: { account: string; codes: string[]; onDone: () => void }) {
  const app = useApp();
  return (
    <div className="form">
      <InlineNotice notice={{ level: "warning", title: m.page_recovery(), detail: m.page_recovery_text() }} />
      <CodeList codes={codes} />
      {createPortal(
        <div className="printed" aria-hidden="true">
          <p>{m.page_recovery_sheet({ account })}</p>
          <CodeList codes={codes} />
        </div>,
        document.body,
      )}
      <div className="form-row">
        <CopyButton text={() => codes.join("\n")} />
        <Button className="button button-small" onPress={() => app.run(app.backend.print())}>
          <Printer />
          {m.page_print()}
        </Button>
      </div>
      <Button className="button button-primary" onPress={onDone}>
        {m.page_recovery_kept()}
      </Button>
    </div>
  );
}
