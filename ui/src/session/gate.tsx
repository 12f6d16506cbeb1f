// Nothing of the console is drawn before somebody works here.

import { useState, type ReactNode } from "react";
import { Button } from "react-aria-components";
import type { Enrolment } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";
import { Credentials } from "./credentials";
import { Begin, Codes, Scan } from "./enrolment";
import { NewPassword } from "./new-password";
import { PasswordField } from "./password-field";
import { useSecretForm } from "./secret-form";

export function Gate({ children }: { children: ReactNode }) {
  const session = useStore(useApp().session);
  const [enrolling, setEnrolling] = useState(false);
  // Once the code is right the session goes on by itself; the recovery codes have yet to be read.
  if (session?.state === "second_factor_due" || (enrolling && session?.state === "signed_in")) {
    return <SecondFactorDue onEnrolling={setEnrolling} />;
  }
  switch (session?.state) {
    case "first_start":
      return <FirstStart />;
    case "signed_out":
      return <SignInCard />;
    case "password_due":
      return <PasswordDue />;
    default:
      return children;
  }
}

export function Card({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <main className="gate">
      <section className="card" aria-labelledby="card-title">
        <p className="card-program">{m.page_program()}</p>
        <h1 id="card-title">{title}</h1>
        {text ? <p className="card-text">{text}</p> : null}
        {children}
      </section>
    </main>
  );
}

function SignInCard() {
  const app = useApp();
  return (
    <Card title={m.page_sign_in()}>
      <Credentials action={m.page_sign_in()} enter={app.backend.signIn} />
    </Card>
  );
}

function FirstStart() {
  const app = useApp();
  const [account, setAccount] = useState("");
  const [ready, setReady] = useState(false);
  const form = useSecretForm((field) =>
    app.backend.createFirstAccount(field("account").trim(), field("name").trim(), field("password")),
  );
  return (
    <Card title={m.page_first_title()} text={m.page_first_text()}>
      <form className="form" onSubmit={form.onSubmit} autoComplete="off">
        {form.notice ? <InlineNotice notice={form.notice} /> : null}
        <Field
          label={m.page_account()}
          name="account"
          maxLength={64}
          required
          autoFocus
          value={account}
          onChange={(event) => setAccount(event.target.value)}
          hint={m.page_account_hint()}
        />
        <Field label={m.page_person_name()} name="name" autoCapitalize="words" maxLength={100} required />
        <NewPassword account={account.trim()} secondFactor={false} onReady={setReady} />
        <Button type="submit" className="button button-primary" isDisabled={!ready} isPending={form.busy}>
          {m.page_first_create()}
        </Button>
      </form>
    </Card>
  );
}

function PasswordDue() {
  const app = useApp();
  const person = useStore(app.session, (session) => session?.person ?? null);
  return (
    <Card title={m.page_due_title()} text={m.page_due_text({ name: isolated(person?.name ?? "") })}>
      <ChangePassword action={m.page_due_action()} secondFactor={person?.second_factor ?? false} />
      <Button className="button" onPress={() => app.run(app.backend.signOut())}>
        {m.page_sign_out()}
      </Button>
    </Card>
  );
}

type DueStep = { kind: "begin" } | { kind: "scan"; enrolment: Enrolment } | { kind: "codes"; codes: string[] };

function SecondFactorDue({ onEnrolling }: { onEnrolling: (enrolling: boolean) => void }) {
  const app = useApp();
  const person = useStore(app.session, (session) => session?.person ?? null);
  const [step, setStep] = useState<DueStep>({ kind: "begin" });
  const text = step.kind === "begin" ? m.page_second_due_text({ name: isolated(person?.name ?? "") }) : undefined;
  return (
    <Card title={m.page_second_due_title()} text={text}>
      {step.kind === "begin" ? <Begin onBegun={(enrolment) => setStep({ kind: "scan", enrolment })} /> : null}
      {step.kind === "scan" ? (
        <Scan
          enrolment={step.enrolment}
          onSent={() => onEnrolling(true)}
          onCodes={(codes) => setStep({ kind: "codes", codes })}
        />
      ) : null}
      {step.kind === "codes" ? (
        <Codes account={person?.account ?? ""} codes={step.codes} onDone={() => onEnrolling(false)} />
      ) : (
        <Button className="button" onPress={() => app.run(app.backend.signOut())}>
          {m.page_sign_out()}
        </Button>
      )}
    </Card>
  );
}

type ChangeProps = { action: string; secondFactor: boolean; onDone?: () => void };

/** The old one, then the new one. */
export function ChangePassword({ action, secondFactor, onDone }: ChangeProps) {
  const app = useApp();
  const [ready, setReady] = useState(false);
  const form = useSecretForm(async (field) => {
    await app.backend.changePassword(field("old"), field("password"));
    onDone?.();
  });
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <PasswordField label={m.page_password_old()} name="old" autoComplete="current-password" required autoFocus />
      <NewPassword account={null} secondFactor={secondFactor} onReady={setReady} />
      <Button type="submit" className="button button-primary" isDisabled={!ready} isPending={form.busy}>
        {action}
      </Button>
    </form>
  );
}
