import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { Check, Copy } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { copyText } from "./copy";

const SAID_FOR = 2500;

type Props = { text: () => string; label?: string };

/** Says that it has copied where it was pressed. */
export function CopyButton({ text, label }: Props) {
  const [said, setSaid] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => {
    void copyText(text()).then((done) => setSaid(done ? "copied" : "failed"));
  };
  return (
    <Button className="button button-small" onPress={copy}>
      {said === "copied" ? <Check /> : <Copy />}
      <span aria-live="polite">
        {said === "copied" ? m.page_copied() : said === "failed" ? m.page_copy_failed() : (label ?? m.page_copy())}
      </span>
    </Button>
  );
}
