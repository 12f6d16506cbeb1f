import { m } from "../paraglide/messages.js";

// As the program draws them along the edges of tiles that are too small or too many for words.
const SIGNALS = [
  { signal: "good", words: m.page_signal_good },
  { signal: "calm", words: m.page_signal_calm },
  { signal: "attention", words: m.page_signal_attention },
  { signal: "fault", words: m.page_signal_fault },
];

/** What the colours along the edges of small tiles mean. */
export function Signals() {
  return (
    <ul className="signals" aria-label={m.page_signals()}>
      {SIGNALS.map(({ signal, words }) => (
        <li key={signal}>
          <span className="signal" data-signal={signal} aria-hidden="true" />
          {words()}
        </li>
      ))}
    </ul>
  );
}
