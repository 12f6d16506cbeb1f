// One's logins for devices. The devices' own accounts are the real boundary, so each person has their own.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { CircleCheck, CircleDashed, CircleX, Pencil, Plus, Trash2 } from "lucide-react";
import type { Login, Logins, LoginTarget, LoginTested } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { IconButton } from "../parts/icon-button";
import { Section } from "../parts/section";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";
import { ago, exactly } from "../words/times";
import { Keeping } from "./keeping";
import { LoginDialog } from "./login-dialog";
import { described, kindName, targetName } from "./targets";

type Asked = { kind: "edit"; login: Login | { target: LoginTarget } } | { kind: "remove"; login: Login };

export function LoginsSection() {
  const app = useApp();
  const [logins, setLogins] = useState<Logins | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    app.backend.logins().then((all) => wanted && setLogins(all), app.refused);
    return () => {
      wanted = false;
    };
  }, [app, turn]);
  const reload = () => setTurn((last) => last + 1);
  const shut = () => {
    setAsked(null);
    reload();
  };
  const kept = logins !== null && logins.keeping !== "not_chosen";
  return (
    <Section
      title={m.page_logins()}
      text={m.page_logins_text()}
      className="logins"
      actions={
        <Button
          className="button button-primary button-small"
          isDisabled={!kept}
          onPress={() => setAsked({ kind: "edit", login: { target: { kind: "province" } } })}
        >
          <Plus />
          {m.page_login_add_short()}
        </Button>
      }
    >
      {logins ? <Keeping logins={logins} onChanged={reload} /> : null}
      {kept && logins.entries.length === 0 ? <p className="quiet">{m.page_logins_none()}</p> : null}
      <ul className="login-list">
        {(logins?.entries ?? []).map((login) => (
          <Entry key={JSON.stringify(login.target)} login={login} onAsk={setAsked} />
        ))}
      </ul>
      {asked?.kind === "edit" ? <LoginDialog login={asked.login} onClose={shut} /> : null}
      {asked?.kind === "remove" ? <RemoveDialog login={asked.login} onClose={shut} /> : null}
    </Section>
  );
}

const SIGNS = { accepted: CircleCheck, refused: CircleX, untested: CircleDashed };

function testedInWords(tested: LoginTested): string {
  if (tested === "accepted") return m.page_login_tested_accepted();
  return tested === "refused" ? m.page_login_tested_refused() : m.page_login_tested_not();
}

function Entry({ login, onAsk }: { login: Login; onAsk: (asked: Asked) => void }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const language = useStore(app.settings, (settings) => settings.language);
  const target = described(inventory, login.target);
  const name = targetName(target);
  const Sign = SIGNS[login.tested];
  return (
    <li className="login" data-tested={login.tested}>
      <Sign aria-hidden="true" className="login-sign" />
      <div className="login-words">
        <p className="login-name">
          <bdi>{name}</bdi>
          <span className="quiet">
            {kindName(login.target)}
            {target.place ? <bdi className="login-place">{target.place}</bdi> : null}
          </span>
        </p>
        <p className="login-state">
          <bdi>{login.user}</bdi>
          <span>{testedInWords(login.tested)}</span>
          {login.at === null ? null : (
            <span className="quiet" title={exactly(login.at, language)}>
              {ago(login.at, language)}
            </span>
          )}
        </p>
        {login.tested === "refused" ? <p className="login-help">{m.page_login_refused_help()}</p> : null}
      </div>
      <IconButton label={m.page_login_change_of({ name: isolated(name) })} onPress={() => onAsk({ kind: "edit", login })}>
        <Pencil />
      </IconButton>
      <IconButton label={m.page_login_remove_of({ name: isolated(name) })} onPress={() => onAsk({ kind: "remove", login })}>
        <Trash2 />
      </IconButton>
    </li>
  );
}

function RemoveDialog({ login, onClose }: { login: Login; onClose: () => void }) {
  const app = useApp();
  const inventory = useStore(app.inventory);
  const name = targetName(described(inventory, login.target));
  return (
    <CoveringDialog title={m.page_login_remove()} alert onClose={onClose}>
      <p className="dialog-text">{m.page_login_remove_text({ name: isolated(name), user: isolated(login.user) })}</p>
      <div className="dialog-actions">
        <Button className="button" autoFocus onPress={onClose}>
          {m.page_cancel()}
        </Button>
        <Button
          className="button button-danger"
          onPress={() => app.run(app.backend.removeLogin(login.target).finally(onClose))}
        >
          {m.page_login_remove()}
        </Button>
      </div>
    </CoveringDialog>
  );
}
