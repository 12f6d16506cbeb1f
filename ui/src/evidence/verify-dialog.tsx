// What is proven of a package, and what isn't.

import { useState } from "react";
import { Button } from "react-aria-components";
import { CircleAlert, ShieldAlert, ShieldCheck } from "lucide-react";
import type { Notice, PackageProof, PackageVerdict } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { InlineNotice } from "../parts/inline-notice";
import { PasswordField } from "../session/password-field";
import { useApp } from "../state/app";
import { useWork } from "../state/work";
import { PathField } from "./path-field";
import { ReadBar } from "./read-bar";

const SEALED = ".watchwall-sealed";

const IN_WORDS: Record<PackageProof, () => string> = {
  genuine: m.page_package_genuine,
  unreleased: m.page_package_unreleased,
  unknown_key: m.page_package_unknown_key,
  damaged: m.page_package_damaged,
  nothing: m.page_package_nothing,
};

export function VerifyDialog({ path: given, onClose }: { path: string; onClose: () => void }) {
  const app = useApp();
  const [path, setPath] = useState(given);
  const [passphrase, setPassphrase] = useState("");
  const [verdict, setVerdict] = useState<PackageVerdict | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const sealed = path.trim().endsWith(SEALED);
  const check = () =>
    work(async () => {
      setVerdict(null);
      setVerdict(await app.backend.verifyPackage(path, sealed ? passphrase : null));
    });
  return (
    <CoveringDialog title={m.page_package_verify_title()} wide onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) check();
        }}
      >
        <PathField label={m.page_package_path()} name="path" autoFocus sealed value={path} onPath={setPath} onProblem={setProblem} />
        {sealed ? (
          <PasswordField autoComplete="off" label={m.page_package_passphrase()} name="passphrase" value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
        ) : null}
        {busy ? <ReadBar path={path.trim()} /> : null}
        {problem ? <InlineNotice notice={problem} /> : null}
        {verdict ? <Verdict verdict={verdict} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_close()}
          </Button>
          <Button type="submit" className="button button-primary" isPending={busy} isDisabled={path.trim() === ""}>
            {m.page_package_verify()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

function Verdict({ verdict }: { verdict: PackageVerdict }) {
  const good = verdict.proof === "genuine";
  const Sign = good ? ShieldCheck : verdict.proof === "unknown_key" || verdict.proof === "unreleased" ? CircleAlert : ShieldAlert;
  return (
    <div className="package-verdict" role="status">
      <p className="verdict" data-sound={good} data-proof={verdict.proof}>
        <Sign aria-hidden="true" />
        {IN_WORDS[verdict.proof]()}
      </p>
      <ul>
        {verdict.sentences.map((sentence, index) => (
          <li key={index}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
