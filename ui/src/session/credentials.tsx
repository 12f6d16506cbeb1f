// Account and password, then the telephone's code where the account has one. For signing in and for handing over.

import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { SignIn } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { PasswordField } from "./password-field";
import { useSecretForm } from "./secret-form";

/** The program wants both at once; after this time the password is to be typed again. */
const HELD_FOR = 120_000;

type Held = { account: string; password: string };

type Props = {
  action: string;
  enter: (account: string, password: string, code: string | null) => Promise<SignIn>;
  onDone?: () => void;
};

export function Credentials({ action, enter, onDone }: Props) {
  const held = useRef<Held | null>(null);
  const [account, setAccount] = useState("");
  const [coded, setCoded] = useState(false);
  useEffect(() => {
    if (!coded) return;
    const back = () => {
      held.current = null;
      setCoded(false);
    };
    const timer = setTimeout(back, HELD_FOR);
    return () => {
      clearTimeout(timer);
      held.current = null;
    };
  }, [coded]);

  return coded ? (
    <Code
      action={action}
      onBack={() => setCoded(false)}
      send={async (code) => {
        const { account: name, password } = held.current ?? { account: "", password: "" };
        await enter(name, password, code);
        held.current = null;
        onDone?.();
      }}
    />
  ) : (
    <Account
      action={action}
      account={account}
      send={async (name, password) => {
        setAccount(name);
        if ((await enter(name, password, null)) === "code_needed") {
          held.current = { account: name, password };
          setCoded(true);
        } else onDone?.();
      }}
    />
  );
}

type AccountProps = { action: string; account: string; send: (account: string, password: string) => Promise<void> };

function Account({ action, account, send }: AccountProps) {
  const form = useSecretForm((field) => send(field("account").trim(), field("password")));
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <Field label={m.page_account()} name="account" autoComplete="off" defaultValue={account} maxLength={64} required autoFocus />
      <PasswordField label={m.page_password()} name="password" autoComplete="current-password" required />
      <Button type="submit" className="button button-primary" isPending={form.busy}>
        {action}
      </Button>
    </form>
  );
}

type CodeProps = { action: string; onBack: () => void; send: (code: string) => Promise<void> };

function Code({ action, onBack, send }: CodeProps) {
  const form = useSecretForm((field) => send(field("code").replace(/\s/g, "").toUpperCase()));
  return (
    <form className="form" onSubmit={form.onSubmit} autoComplete="off">
      {form.notice ? <InlineNotice notice={form.notice} /> : null}
      <Field
        label={m.page_code()}
        name="code"
        className="code"
        autoComplete="one-time-code"
        data-secret=""
        maxLength={24}
        required
        autoFocus
        hint={m.page_code_hint()}
      />
      <Button type="submit" className="button button-primary" isPending={form.busy}>
        {action}
      </Button>
      <Button className="button" onPress={onBack}>
        {m.page_back()}
      </Button>
    </form>
  );
}
