import { Label, Radio, RadioGroup } from "react-aria-components";

type Props<K extends string> = {
  label: string;
  hint?: string;
  value: K;
  choices: { key: K; label: string }[];
  onChange: (key: K) => void;
};

/** One of a few, all of them in sight. */
export function Choices<K extends string>({ label, hint, value, choices, onChange }: Props<K>) {
  return (
    <RadioGroup
      className="choices"
      orientation="horizontal"
      value={value}
      onChange={(next) => {
        const choice = choices.find((each) => each.key === next);
        if (choice) onChange(choice.key);
      }}
    >
      <Label>{label}</Label>
      <div className="choices-all">
        {choices.map((choice) => (
          <Radio key={choice.key} value={choice.key} className="choice">
            {choice.label}
          </Radio>
        ))}
      </div>
      {hint ? <p className="field-hint">{hint}</p> : null}
    </RadioGroup>
  );
}
