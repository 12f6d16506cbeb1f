// A password that is chosen: what it still lacks, while it is typed, and the same a second time.

import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { Check, Circle, Dices } from "lucide-react";
import { firstPassword } from "../accounts/first-password";
import type { Weakness } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { useApp } from "../state/app";
import { PasswordField } from "./password-field";

/** Long enough that not every letter asks, short enough that nobody waits. */
const PAUSE = 120;

type State = "empty" | Weakness[];

type Props = {
  /** For whom; null for the person who has signed in. */
  account: string | null;
  secondFactor: boolean;
  /** Chosen by an administrator for somebody else: made at random, readable, and not typed twice. */
  first?: boolean;
  onReady: (ready: boolean) => void;
};

export function NewPassword({ account, secondFactor, first = false, onReady }: Props) {
  const app = useApp();
  const own = useRef<HTMLDivElement>(null);
  const asking = useRef(0);
  /** Null until the program has said so of what stands in the field now. */
  const weak = useRef<boolean | null>(null);
  const [state, setState] = useState<State>("empty");
  const [same, setSame] = useState(false);
  useEffect(() => () => window.clearTimeout(asking.current), []);

  const fields = () => [...(own.current?.querySelectorAll<HTMLInputElement>("input") ?? [])];
  const alike = () => {
    const [field, second] = fields();
    return first || (field?.value !== "" && field?.value === second?.value);
  };
  const look = () => {
    const password = fields()[0]?.value ?? "";
    setSame(alike());
    window.clearTimeout(asking.current);
    weak.current = null;
    onReady(false);
    if (password === "") {
      setState("empty");
      return;
    }
    asking.current = window.setTimeout(() => {
      void app.backend.weaknesses(account, password).then((found) => {
        if (fields()[0]?.value !== password) return;
        weak.current = found.length > 0;
        setState(found);
        onReady(found.length === 0 && alike());
      }, app.refused);
    }, PAUSE);
  };
  /** The repetition changes nothing of what the password lacks. */
  const compare = () => {
    setSame(alike());
    onReady(weak.current === false && alike());
  };
  const generate = () => {
    const [field] = fields();
    if (!field) return;
    field.value = firstPassword();
    look();
  };

  return (
    <div ref={own} className="new-password" onInput={(event) => (event.target === fields()[0] ? look() : compare())}>
      <PasswordField
        label={first ? m.page_password_first() : m.page_password_new()}
        name="password"
        autoComplete={first ? "off" : "new-password"}
        startShown={first}
        required
      />
      {first ? (
        <div className="form-row">
          <Button className="button button-small" onPress={generate}>
            <Dices />
            {m.page_password_generate()}
          </Button>
          <CopyButton text={() => fields()[0]?.value ?? ""} />
        </div>
      ) : (
        <PasswordField label={m.page_password_repeat()} name="repeat" autoComplete="new-password" required />
      )}
      <Rules state={state} same={same} secondFactor={secondFactor} repeated={!first} />
    </div>
  );
}

type RulesProps = { state: State; same: boolean; secondFactor: boolean; repeated: boolean };

function Rules({ state, same, secondFactor, repeated }: RulesProps) {
  const typed = state !== "empty";
  const kept = (...rules: Weakness[]) => typed && !rules.some((rule) => state.includes(rule));
  const rules: [string, boolean][] = [
    [secondFactor ? m.page_rule_short_second() : m.page_rule_short(), kept("short", "long")],
    [m.page_rule_classes(), kept("classes")],
    [m.page_rule_name(), kept("name")],
    [m.page_rule_common(), kept("common", "used")],
  ];
  if (repeated) rules.push([m.page_rule_same(), same]);
  return (
    <ul className="rules" aria-label={m.page_rules()}>
      {rules.map(([rule, holds]) => (
        <li key={rule} data-holds={holds || undefined}>
          {holds ? <Check aria-hidden="true" /> : <Circle aria-hidden="true" />}
          <span>{rule}</span>
          <span className="unseen">{holds ? m.page_rule_kept() : m.page_rule_open()}</span>
        </li>
      ))}
    </ul>
  );
}
