// The controls are locked: walls go on, and where there is a wall in this window it stays in its place.

import { useState } from "react";
import { Button } from "react-aria-components";
import { Lock } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";
import { isolated } from "../words/names";
import { roleName } from "../words/roles";
import { Credentials } from "./credentials";
import { PasswordField } from "./password-field";
import { useSecretForm } from "./secret-form";

/** "side": over the list beside the wall; "corner": there is no list, so a button until somebody comes; "page": there is no wall. */
export type LockPlace = "side" | "corner" | "page";

export function LockPanel({ place }: { place: LockPlace }) {
  const hole = useHole<HTMLElement>();
  const [called, setCalled] = useState(false);
  return (
    <section ref={hole} className="lock-panel" data-place={place} data-called={called || undefined} aria-label={m.page_locked()}>
      {place === "corner" && !called ? (
        <Button className="text-button" autoFocus onPress={() => setCalled(true)}>
          <Lock />
          <span>{m.page_unlock()}</span>
        </Button>
      ) : (
        <Locked />
      )}
    </section>
  );
}

function Locked() {
  const app = useApp();
  const person = useStore(app.session, (session) => session?.person ?? null);
  const [other, setOther] = useState(false);
  const unlock = useSecretForm((field) => app.backend.unlock(field("password")));
  if (!person) return null;
  return (
    <div className="lock-card">
      <Lock className="lock-sign" aria-hidden="true" />
      <h1>{other ? m.page_hand_over() : m.page_locked()}</h1>
      <p className="lock-who">
        <bdi>{person.name}</bdi>
        <span>{roleName(person.role)}</span>
      </p>
      {other ? (
        <Credentials action={m.page_take_over()} enter={app.backend.handOver} />
      ) : (
        <form className="form" onSubmit={unlock.onSubmit} autoComplete="off">
          {unlock.notice ? <InlineNotice notice={unlock.notice} /> : null}
          <PasswordField
            label={m.page_password_of({ name: isolated(person.name) })}
            name="password"
            autoComplete="current-password"
            required
            autoFocus
          />
          <Button type="submit" className="button button-primary" isPending={unlock.busy}>
            {m.page_unlock()}
          </Button>
        </form>
      )}
      <Button className="button" onPress={() => setOther(!other)}>
        {other ? m.page_back() : m.page_other_person()}
      </Button>
      <p className="lock-text">{m.page_locked_text()}</p>
    </div>
  );
}

/** Stands where the bar is, so that the wall keeps its place. */
export function LockedBar() {
  return (
    <header className="top-bar">
      <span className="locked-mark">
        <Lock aria-hidden="true" />
        {m.page_locked()}
      </span>
    </header>
  );
}
