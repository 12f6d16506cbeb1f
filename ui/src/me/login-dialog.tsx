// A login for devices: tried once on one of them, and never again by itself.

import { useState } from "react";
import { Button } from "react-aria-components";
import type { Login, LoginResult, LoginTarget } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { PasswordField } from "../session/password-field";
import { useSecretForm } from "../session/secret-form";
import { useApp } from "../state/app";
import { TargetPicker } from "./target-picker";

type Props = {
  /** The one that is changed; what a new one is for. */
  login: Login | { target: LoginTarget };
  onClose: () => void;
};

export function LoginDialog({ login, onClose }: Props) {
  const app = useApp();
  const [target, setTarget] = useState(login.target);
  const [result, setResult] = useState<LoginResult | null>(null);
  const known = "user" in login;
  const form = useSecretForm(async (field) => {
    setResult(null);
    setResult(await app.backend.setLogin(target, field("user").trim(), field("password")));
  });
  return (
    <CoveringDialog title={known ? m.page_login_change() : m.page_login_add()} onClose={onClose}>
      <form className="dialog-frame" onSubmit={form.onSubmit} autoComplete="off">
        <div className="dialog-body form">
          <TargetPicker target={target} onChange={setTarget} />
          <Field label={m.page_login_user()} name="user" defaultValue={known ? login.user : ""} maxLength={128} required autoFocus />
          <PasswordField label={m.page_password()} name="password" autoComplete="off" required />
          <p className="field-hint">{m.page_login_once()}</p>
          {form.notice ? <InlineNotice notice={form.notice} /> : null}
          {form.busy ? <p role="status">{m.page_login_trying()}</p> : null}
          {result ? <Result result={result} /> : null}
        </div>
        <div className="dialog-actions">
          <Button className="button" onPress={onClose}>
            {result?.accepted ? m.page_close() : m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isPending={form.busy}>
            {m.page_login_save()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

function Result({ result }: { result: LoginResult }) {
  const detail = [result.text, result.detail].filter(Boolean).join(" ");
  return (
    <InlineNotice
      notice={
        result.accepted
          ? { level: "done", title: m.page_login_accepted(), detail }
          : { level: "error", title: m.page_login_refused(), detail }
      }
    />
  );
}
