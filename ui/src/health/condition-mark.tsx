import type { Condition } from "../ipc/wire";
import { CONDITION_ICONS, conditionInWords } from "./words";

export function ConditionIcon({ condition }: { condition: Condition }) {
  const Icon = CONDITION_ICONS[condition];
  return <Icon className="condition-icon" data-condition={condition} aria-hidden="true" />;
}

/** A sign and its word. */
export function ConditionMark({ condition }: { condition: Condition }) {
  return (
    <span className="condition" data-condition={condition}>
      <ConditionIcon condition={condition} />
      {conditionInWords(condition)}
    </span>
  );
}
