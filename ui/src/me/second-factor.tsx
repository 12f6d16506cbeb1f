// The second factor: a telephone makes codes, and without them nobody signs in. Its owner turns it on, and off again
// where no administrator asks for it.

import { useState } from "react";
import { Button } from "react-aria-components";
import type { Enrolment, Person } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { Section } from "../parts/section";
import { Begin, Codes, Scan } from "../session/enrolment";
import { PasswordField } from "../session/password-field";
import { useSecretForm } from "../session/secret-form";
import { useApp } from "../state/app";

type Step =
  | { kind: "closed" }
  | { kind: "begin" | "drop" }
  | { kind: "scan"; enrolment: Enrolment }
  | { kind: "codes"; codes: string[] };

const CLOSED: Step = { kind: "closed" };

export function SecondFactorSection({ person }: { person: Person }) {
  const [step, setStep] = useState<Step>(CLOSED);
  const on = person.second_factor;
  const fixed = on && person.second_factor_required;
  return (
    <Section
      title={m.page_second()}
      text={on ? (fixed ? m.page_second_fixed() : m.page_second_on()) : m.page_second_off()}
      actions={
        step.kind === "closed" ? (
          fixed ? null : (
            <Button className="button button-small" onPress={() => setStep({ kind: on ? "drop" : "begin" })}>
              {on ? m.page_second_drop() : m.page_second_begin()}
            </Button>
          )
        ) : step.kind === "codes" ? null : (
          <Button className="button button-small" onPress={() => setStep(CLOSED)}>
            {m.page_cancel()}
          </Button>
        )
      }
    >
      {step.kind === "begin" ? <Begin onBegun={(enrolment) => setStep({ kind: "scan", enrolment })} /> : null}
      {step.kind === "drop" ? <Drop onDone={() => setStep(CLOSED)} /> : null}
      {step.kind === "scan" ? <Scan enrolment={step.enrolment} onCodes={(codes) => setStep({ kind: "codes", codes })} /> : null}
      {step.kind === "codes" ? <Codes account={person.account} codes={step.codes} onDone={() => setStep(CLOSED)} /> : null}
    </Section>
  );
}

function Drop({ onDone }: { onDone: () => void }) {
  const app = useApp();
  const form = useSecretForm(async (field) => {
    await app.backend.dropSecondFactor(field("password"), field("code").replace(/\s/g, ""));
    onDone();
  });
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <PasswordField label={m.page_password_old()} name="password" autoComplete="current-password" required autoFocus />
      <Field
        label={m.page_second_code()}
        name="code"
        className="code"
        autoComplete="one-time-code"
        data-secret=""
        maxLength={40}
        required
      />
      <Button type="submit" className="button button-danger" isPending={form.busy}>
        {m.page_second_drop()}
      </Button>
    </form>
  );
}
