import { useState, type ComponentProps, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { Eye, EyeOff } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";

type Props = Omit<ComponentProps<typeof Field>, "type" | "children" | "hint" | "autoComplete"> & {
  autoComplete: "current-password" | "new-password" | "off";
  /** For a password that is made here and told to somebody else. */
  startShown?: boolean;
};

/** Says when the caps lock is on; shows what was typed while somebody asks for it. */
export function PasswordField({ startShown = false, ...props }: Props) {
  const [shown, setShown] = useState(startShown);
  const [caps, setCaps] = useState(false);
  const look = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      data-secret=""
      onKeyDown={look}
      onKeyUp={look}
      onBlur={() => setCaps(false)}
      hint={caps ? <span role="status">{m.page_caps_lock()}</span> : undefined}
    >
      <Button
        className="icon-button"
        aria-label={shown ? m.page_password_hide() : m.page_password_show()}
        aria-pressed={shown}
        onPress={() => setShown(!shown)}
      >
        {shown ? <EyeOff /> : <Eye />}
      </Button>
    </Field>
  );
}
