// The second factor: a telephone makes codes, and without them nobody signs in. What the telephone needs and the
// recovery codes are shown once and are gone from the page when the section closes.

import { useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "react-aria-components";
import { Printer } from "lucide-react";
import type { Enrolment, Person } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { Section } from "../parts/section";
import { PasswordField } from "../session/password-field";
import { useSecretForm } from "../session/secret-form";
import { useApp } from "../state/app";

type Step =
  | { kind: "closed" }
  | { kind: "password"; drop: boolean }
  | { kind: "scan"; enrolment: Enrolment }
  | { kind: "codes"; codes: string[] };

const CLOSED: Step = { kind: "closed" };

export function SecondFactorSection({ person }: { person: Person }) {
  const [step, setStep] = useState<Step>(CLOSED);
  const on = person.second_factor;
  return (
    <Section
      title={m.page_second()}
      text={on ? m.page_second_on() : m.page_second_off()}
      actions={
        step.kind === "closed" ? (
          <Button className="button button-small" onPress={() => setStep({ kind: "password", drop: on })}>
            {on ? m.page_second_drop() : m.page_second_begin()}
          </Button>
        ) : step.kind === "codes" ? null : (
          <Button className="button button-small" onPress={() => setStep(CLOSED)}>
            {m.page_cancel()}
          </Button>
        )
      }
    >
      {step.kind === "password" ? <AskPassword drop={step.drop} onStep={setStep} /> : null}
      {step.kind === "scan" ? <Scan enrolment={step.enrolment} onStep={setStep} /> : null}
      {step.kind === "codes" ? <Codes account={person.account} codes={step.codes} onDone={() => setStep(CLOSED)} /> : null}
    </Section>
  );
}

function AskPassword({ drop, onStep }: { drop: boolean; onStep: (step: Step) => void }) {
  const app = useApp();
  const form = useSecretForm(async (field) => {
    if (drop) {
      await app.backend.dropSecondFactor(field("password"), field("code").replace(/\s/g, ""));
      onStep(CLOSED);
    } else onStep({ kind: "scan", enrolment: await app.backend.beginSecondFactor(field("password")) });
  });
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <PasswordField label={m.page_password_old()} name="password" autoComplete="current-password" required autoFocus />
      {drop ? (
        <Field
          label={m.page_second_code()}
          name="code"
          className="code"
          autoComplete="one-time-code"
          data-secret=""
          maxLength={40}
          required
        />
      ) : null}
      <Button type="submit" className={drop ? "button button-danger" : "button button-primary"} isPending={form.busy}>
        {drop ? m.page_second_drop() : m.page_continue()}
      </Button>
    </form>
  );
}

function Scan({ enrolment, onStep }: { enrolment: Enrolment; onStep: (step: Step) => void }) {
  const app = useApp();
  const form = useSecretForm(async (field) => {
    onStep({ kind: "codes", codes: await app.backend.confirmSecondFactor(field("code").replace(/\s/g, "")) });
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
function Codes({ account, codes, onDone }: { account: string; codes: string[]; onDone: () => void }) {
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
