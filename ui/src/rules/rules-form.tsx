// What happens when devices notice something, and when it happens silently. For who keeps things for everybody.

import { useEffect, useState } from "react";
import { Button, Switch } from "react-aria-components";
import { Pencil, Plus, Trash2 } from "lucide-react";
import type { DaySpan, EventRule, Notice, RuleBook } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { BetweenFields } from "./between-fields";
import { RuleDialog } from "./rule-dialog";
import { actInWords, causeInWords } from "./words";

const NIGHT: DaySpan = { from: 22 * 60, until: 6 * 60 };

export function RulesForm() {
  const app = useApp();
  const [book, setBook] = useState<RuleBook | null>(null);
  const [open, setOpen] = useState<EventRule | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  useEffect(() => {
    let gone = false;
    app.backend.eventRules().then(
      (now) => (gone ? undefined : setBook(now)),
      (error: unknown) => setProblem(error as Notice),
    );
    return () => {
      gone = true;
    };
  }, [app]);
  if (!book) return problem ? <InlineNotice notice={problem} /> : null;

  const keep = async (next: RuleBook) => {
    await app.backend.setEventRules(next);
    setBook(await app.backend.eventRules());
  };
  const set = (rules: EventRule[]) => work(() => keep({ ...book, rules }));
  const [quiet] = book.quiet;
  return (
    <div className="rules">
      <p className="field-hint">{m.page_alarm_rules_text()}</p>
      {book.rules.length > 0 ? (
        <ul className="rules-list">
          {book.rules.map((rule) => (
            <Line
              key={rule.id}
              rule={rule}
              isDisabled={busy}
              onSwitch={(enabled) => set(book.rules.map((each) => (each.id === rule.id ? { ...each, enabled } : each)))}
              onEdit={() => setOpen(rule)}
              onRemove={() => set(book.rules.filter((each) => each.id !== rule.id))}
            />
          ))}
        </ul>
      ) : null}
      <div>
        <Button className="button" onPress={() => setOpen(freshRule())}>
          <Plus />
          {m.page_alarm_rule_add()}
        </Button>
      </div>
      <Switch
        className="switch-button"
        isSelected={quiet !== undefined}
        isDisabled={busy}
        onChange={(on) => work(() => keep({ ...book, quiet: on ? [NIGHT] : [] }))}
      >
        <span className="switch-track" aria-hidden="true" />
        {m.page_alarm_rules_quiet()}
      </Switch>
      {quiet ? <BetweenFields value={quiet} onChange={(span) => work(() => keep({ ...book, quiet: [span, ...book.quiet.slice(1)] }))} /> : null}
      {problem ? <InlineNotice notice={problem} /> : null}
      {open ? (
        <RuleDialog
          rule={open}
          onKeep={(rule) => {
            const known = book.rules.some((each) => each.id === rule.id);
            return keep({ ...book, rules: known ? book.rules.map((each) => (each.id === rule.id ? rule : each)) : [...book.rules, rule] });
          }}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </div>
  );
}

type LineProps = {
  rule: EventRule;
  isDisabled: boolean;
  onSwitch: (enabled: boolean) => void;
  onEdit: () => void;
  onRemove: () => void;
};

function Line({ rule, isDisabled, onSwitch, onEdit, onRemove }: LineProps) {
  const inventory = useStore(useApp().inventory);
  const { name } = rule;
  return (
    <li className="entry-line" data-off={!rule.enabled || undefined}>
      <Switch className="switch-button" aria-label={m.page_alarm_rule_enabled({ name })} isSelected={rule.enabled} isDisabled={isDisabled} onChange={onSwitch}>
        <span className="switch-track" aria-hidden="true" />
      </Switch>
      <div className="entry-words">
        <bdi>{name}</bdi>
        <span className="quiet">{causeInWords(rule, inventory)}</span>
        <span className="quiet">→ {rule.then.map((act) => actInWords(act, inventory)).join(", ")}</span>
      </div>
      <IconButton label={m.page_alarm_rule_edit({ name })} onPress={onEdit}>
        <Pencil />
      </IconButton>
      <IconButton label={m.page_alarm_rule_remove({ name })} onPress={onRemove}>
        <Trash2 />
      </IconButton>
    </li>
  );
}

function freshRule(): EventRule {
  return {
    id: `rule-${crypto.randomUUID()}`,
    name: "",
    enabled: true,
    on: ["motion"],
    at: { kind: "any" },
    between: null,
    then: [{ kind: "hotspot", seconds: 30 }],
    pause: 60,
  };
}
